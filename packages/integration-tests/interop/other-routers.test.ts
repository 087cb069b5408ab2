import { describe } from 'vitest';
import { cliCell } from './cli-cell.js';
import { crossbar, nexusd, type OtherRouter } from './other-routers.js';
import { routerSuite } from './router-suite.js';
import { sdkCell } from './sdk-cell.js';

const routers: Readonly<Record<string, readonly [router: OtherRouter, script: string]>> = {
  'nexusd 3.3.0': [nexusd, 'go/install.sh'],
  'crossbar 26.10.1': [crossbar, 'crossbar/install.sh'],
};

// Skipped, and visibly so, where the script was not run or could install nothing.
describe.each(Object.entries(routers))('%s', (_name, [router, script]) => {
  const needed = router.isInstalled ? '' : ` (needs interop/${script})`;
  describe.skipIf(!router.isInstalled)(`@wampkit/client${needed}`, () => routerSuite(router, sdkCell));
  describe.skipIf(!router.isInstalled)(`wamp-cli${needed}`, () => routerSuite(router, cliCell));
});
