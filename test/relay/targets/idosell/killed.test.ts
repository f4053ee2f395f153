import { FEW_SUPPLY_BLOWS } from '../../../../scripts/chaos/supply-blows.ts';
import { openSupplyGround, type SupplyGround } from '../../../../scripts/chaos/supply-ground.ts';
import { verifySupply } from '../../../../scripts/chaos/supply-verify.ts';
import { findMariadb } from '../../../../scripts/mariadb-binaries.mjs';

/** Of one blow with its repair; usually some seconds. All of them: npm run chaos -- --supply */
const BLOW_MS = 120_000;

describe('orders on their way to a wholesaler when things break', function () {
  this.timeout(BLOW_MS);
  let ground: SupplyGround | undefined;

  before(async function () {
    // It kills the server: a given database cannot be asked to bear that.
    if (!findMariadb()) this.skip();
    ground = await openSupplyGround();
  });
  after(() => ground?.close());

  for (const blow of FEW_SUPPLY_BLOWS) {
    it(`are placed once, or a person is asked: ${blow.name}`, async () => {
      if (!ground) throw new Error('no ground');
      await blow.strike(ground);
      await verifySupply(ground);
    });
  }
});
