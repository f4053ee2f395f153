import { SUPPLY_BLOWS } from './supply-blows.ts';
import { openSupplyGround } from './supply-ground.ts';
import { verifySupply } from './supply-verify.ts';

/** Everything that can break between any two steps of an order to a wholesaler, with every kind of basket. */
export async function stormOfSupply(say: (line: string) => void): Promise<void> {
  for (const changes of [{}, { basketReplaceSupported: true }, { basketScope: 'session' }]) {
    say(`Baskets ${JSON.stringify(changes)}:`);
    const ground = await openSupplyGround(changes);
    try {
      for (const blow of SUPPLY_BLOWS) {
        const beganAt = performance.now();
        await blow.strike(ground);
        const { placed, resent, emptied } = await verifySupply(ground);
        const tookS = ((performance.now() - beganAt) / 1000).toFixed(1).padStart(5);
        const people =
          placed + resent + emptied === 0
            ? ''
            : `: a person said ${placed} placed, ${resent} resend, ${emptied} emptied`;
        say(`${tookS} s  ${blow.name}${people}`);
      }
    } finally {
      await ground.close();
    }
  }
}
