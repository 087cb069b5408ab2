import { connect } from '@wampkit/client';

// What the browser test drives: the client as a page uses it.
Object.assign(globalThis, { connect });
