import { SUPPLY_FAULTS } from './supply-faults.ts';
import { openSupplyHarness } from './supply-harness.ts';
import { verifySupply } from './supply-verify.ts';

/** Everything that can break between any two steps of an order to a wholesaler, with every kind of basket. */
export async function supplyLoadRun(say: (line: string) => void): Promise<void> {
  for (const changes of [{}, { basketReplaceSupported: true }, { basketScope: 'session' }]) {
    say(`Baskets ${JSON.stringify(changes)}:`);
    const harness = await openSupplyHarness(changes);
    try {
      for (const fault of SUPPLY_FAULTS) {
        const beganAt = performance.now();
        await fault.inject(harness);
        const { placed, resent, emptied } = await verifySupply(harness);
        const tookS = ((performance.now() - beganAt) / 1000).toFixed(1).padStart(5);
        const people =
          placed + resent + emptied === 0
            ? ''
            : `: a person said ${placed} placed, ${resent} resend, ${emptied} emptied`;
        say(`${tookS} s  ${fault.name}${people}`);
      }
    } finally {
      await harness.close();
    }
  }
}
