import { connect } from '@wampkit/client';
import { connectPeer } from '@wampkit/client/longpoll';

// What the test of long-poll drives: the client as a page behind a strict proxy uses it.
Object.assign(globalThis, { connect, connectPeer });
