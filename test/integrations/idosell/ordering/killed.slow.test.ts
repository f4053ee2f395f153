import { FEW_SUPPLY_FAULTS } from '../../../../scripts/chaos/supply-faults.ts';
import { openSupplyHarness, type SupplyHarness } from '../../../../scripts/chaos/supply-harness.ts';
import { verifySupply } from '../../../../scripts/chaos/supply-verify.ts';
import { findMariadb } from '../../../../scripts/mariadb-binaries.mjs';

/** Of one blow with its repair; usually some seconds. All of them: npm run chaos -- --supply */
const BLOW_MS = 120_000;

describe('orders on their way to a wholesaler when things break', function () {
  this.timeout(BLOW_MS);
  let ground: SupplyHarness | undefined;

  before(async function () {
    // It kills the server: a given database cannot be asked to bear that.
    if (!findMariadb()) this.skip();
    ground = await openSupplyHarness();
  });
  after(() => ground?.close());

  for (const blow of FEW_SUPPLY_FAULTS) {
    it(`are placed once, or a person is asked: ${blow.name}`, async () => {
      if (!ground) throw new Error('no ground');
      await blow.inject(ground);
      await verifySupply(ground);
    });
  }
});
