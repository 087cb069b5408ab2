import { createPeerPair } from '@wampkit/protocol';
import { testPeerContract } from './peer-contract.js';

testPeerContract('memory', {
  async setup() {
    const [left, right] = createPeerPair();
    return { left, right };
  },
  teardown({ left }) {
    left.close();
  },
});
