// fox-wamp as its basic example starts it, with no trace. node fox-wamp.cjs PORT, in a folder whose node_modules has it.
const Router = require(require.resolve('fox-wamp', { paths: [process.cwd()] }));
const router = new Router();
router.getRealm('realm1', () => router.listenWAMP({ host: '127.0.0.1', port: Number(process.argv[2]) }));
