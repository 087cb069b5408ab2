import { cryptosign } from '@wampkit/client/auth/cryptosign';
import { wampScram } from '@wampkit/client/auth/wamp-scram';
import { wampcra } from '@wampkit/client/auth/wampcra';

// What the browser test drives: the methods that need hashes and curves.
Object.assign(globalThis, { cryptosign, wampScram, wampcra });
