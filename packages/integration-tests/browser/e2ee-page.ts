import { connect } from '@wampkit/client';
import { keyRing } from '@wampkit/client/e2ee';

// What the browser test drives: payloads that only page and shell can read.
Object.assign(globalThis, { connect, keyRing });
