import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { baseLinker } from '../../connector/baselinker/check/client.ts';
import { counted } from '../../connector/baselinker/check/text-layout.ts';
import { understood } from '../../connector/lib/usage.ts';
import { startConnector, type RunningConnector } from './connector.ts';
import { DAY } from './scenario.ts';
import { openNarratedClient } from './narrated-client.ts';
import { startDemoExpertSender, type DemoExpertSender } from './expertsender.ts';
import { DemoError } from './demo-error.ts';
import { paper, type Console } from './console.ts';
import { openShop, type DemoShop } from './shop.ts';
import { enterHome, type Home } from './state.ts';
import { whenStarterIsGone } from './starters.ts';
import { emptyTally, type Scenario } from './step.ts';
import { startDemoWholesaler, type DemoWholesaler } from './wholesaler.ts';

const HELP = `npm run demo                  a day between BaseLinker and a made-up shop,
                              which then stays up
npm run demo -- --once        leaves after the day: exit code 0, or 1 when a
                              call went wrong
npm run demo -- --data FOLDER keeps its data there instead of in .data/demo

With DATABASE_URL in the environment the shop is made in that database, which
must be empty.`;

const ROOT = join(import.meta.dirname, '..', '..');
const USUAL_PORT = 8080;
const DAY_MS = 24 * 3600 * 1000;

const { values: options } = understood(
  () => parseArgs({ options: { once: { type: 'boolean' }, data: { type: 'string' }, help: { type: 'boolean' } } }),
  HELP,
);
const page = paper((line) => console.log(line), process.stdout.isTTY);

/** Everything that must be closed, the last opened first. */
const open: (() => Promise<unknown>)[] = [];

async function demo(): Promise<number> {
  const home = await enterHome(options.data ?? join(ROOT, '.data', 'demo'));
  open.push(() => home.leave());
  page.gap();
  page.title('A day between BaseLinker and your shop');
  page.say('Everything here is made up and stays on this computer.');
  page.gap();

  const shop = await openDemoShop(home);
  const { expertSender, wholesaler } = await openSimulators(home, shop);
  const connector = await startConnector({
    databaseUrl: shop.databaseUrl,
    key: shop.state.key,
    directory: home.directory,
    logFile: home.logFile,
    port: options.once ? 0 : USUAL_PORT,
    settings: { ...relaySettings(expertSender), ...wholesaler.settings },
  });
  open.push(() => connector.stop());
  await wholesaler.notifies(connector.origin);
  const isMoved = !options.once && new URL(connector.origin).port !== String(USUAL_PORT);
  page.row('Connector', `${isMoved ? `${USUAL_PORT} is taken, so it ` : ''}listens at ${connector.url}`);

  const faults = await goThroughTheDay(shop, connector, { expertSender, wholesaler });
  if (options.once) return faults === 0 ? 0 : 1;
  sayWhereToLook(page, home, shop, connector, { expertSender, wholesaler });
  await connector.ended;
  throw new DemoError(`The connector has ended unexpectedly. Its log: ${home.logFile}`);
}

/** Those whom the shop's orders are told. */
interface Simulators {
  readonly expertSender: DemoExpertSender;
  readonly wholesaler: DemoWholesaler;
}

/** Both at once: starting a process takes a moment. */
async function openSimulators(home: Home, shop: DemoShop): Promise<Simulators> {
  const opened = async <One extends { stop(): Promise<void> }>(starting: Promise<One>): Promise<One> => {
    const one = await starting;
    open.push(() => one.stop());
    return one;
  };
  const [expertSender, wholesaler] = await Promise.all([
    opened(startDemoExpertSender('demo-api-key')),
    opened(startDemoWholesaler({ directory: home.directory, variants: shop.supplied, now: new Date() })),
  ]);
  page.row('ExpertSender', 'a stand-in waits for what the shop has to tell');
  page.row('Wholesaler', `a stand-in sells ${counted(shop.supplied.length, 'article')} of this shop`);
  return { expertSender, wholesaler };
}

/** As a merchant would set them. */
function relaySettings({ url, apiKey }: DemoExpertSender): Readonly<Record<string, string>> {
  return {
    EXPERTSENDER_URL: url,
    EXPERTSENDER_API_KEY: apiKey,
    // The buyer's address is one of those that a marketplace lends: they are not sent unless somebody wants it so.
    EXPERTSENDER_SEND_ALIASES: '1',
  };
}

async function openDemoShop(home: Home): Promise<DemoShop> {
  const given = process.env['DATABASE_URL'];
  page.row(
    'Database',
    given ? 'the one named in DATABASE_URL' : 'a MariaDB of its own is started; the first time takes a moment',
  );
  const shop = await openShop(home, given === '' ? undefined : given, new Date());
  open.push(() => shop.close());
  page.row('Shop', shop.isOld ? 'the one of your last visit is used again' : 'a made-up shop is ready');
  return shop;
}

/** Answers how many calls did not go as the protocol says. */
async function goThroughTheDay(
  { state, isOld }: DemoShop,
  { url }: RunningConnector,
  simulators: Simulators,
): Promise<number> {
  const client = openNarratedClient(baseLinker({ url, key: state.key }), page);
  const scenario: Scenario = {
    client,
    key: state.key,
    ...simulators,
    summary: emptyTally(),
    since: sinceWhen(state.seededAt, isOld),
    now: () => new Date(),
  };
  for (const [at, step] of DAY.entries()) {
    page.gap();
    page.title(`${at + 1}. ${step.title}`);
    page.say(step.why);
    await step.run(scenario);
  }
  summarise(scenario);
  return client.faults;
}

/** The orders were made up on the first start; some of them are of the day before. */
function sinceWhen(seededAt: string, isOld: boolean): Scenario['since'] {
  const time = new Date(new Date(seededAt).getTime() - DAY_MS);
  const isYesterday = !isOld || Date.now() - time.getTime() < 1.5 * DAY_MS;
  return {
    time,
    words: isYesterday ? 'yesterday' : `${time.toISOString().slice(0, 10)}, the day before this shop was made`,
  };
}

function summarise({ client, summary, since }: Scenario): void {
  page.gap();
  page.title('What you have seen');
  const found = `${counted(summary.products.size, 'product')} with ${counted(summary.variants, 'variant')} and ${counted(summary.orders, 'order')} since ${since.words}`;
  if (client.faults === 0) {
    page.good('All is well', `BaseLinker can read this shop: ${found}.`);
    page.good('', `It can write into it: ${summary.written.join('; ')}.`);
    page.good('', `ExpertSender was told of it: ${summary.relayed.join('; ')}.`);
    page.good('', `All ${client.calls} calls went as they should.`);
  } else {
    page.bad(
      'Not all is well',
      `${counted(client.faults, 'thing')} in ${client.calls} calls did not go as agreed; see above.`,
    );
  }
}

function sayWhereToLook(
  page: Console,
  home: Home,
  { state }: DemoShop,
  { origin, url }: RunningConnector,
  { expertSender, wholesaler }: Simulators,
): void {
  page.gap();
  page.title('The shop stays open. Look around:');
  page.row('Address', url);
  page.row('Key', state.key);
  page.row('Is it well?', `${origin}/health`);
  page.row('What it did', nearby(home.logFile));
  page.row('ExpertSender has', `${expertSender.control}/state`);
  page.row('The wholesaler has', `${wholesaler.control}/state`);
  page.gap();
  page.say('Ask it something yourself, from another window:');
  page.gap();
  page.verbatim(`curl -d bl_pass=${state.key} -d action=ProductsList \\\n     -d filter_limit=3 ${url}`);
  page.gap();
  page.say('Or have every call checked, those that write too:');
  page.gap();
  page.verbatim(`npm run check -- --write ${url} \\\n     ${state.key}`);
  page.gap();
  page.say(`Ctrl-C closes it. The data stays for the next time; delete ${nearby(home.directory)} to begin anew.`);
}

/** As short as it can be said from here. */
function nearby(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}

let isClosing = false;

async function close(): Promise<void> {
  isClosing = true;
  for (const one of open.splice(0).reverse()) await one();
}

async function closedBy(signal: NodeJS.Signals): Promise<void> {
  if (isClosing) return;
  page.gap();
  page.say('Closing …');
  await close();
  page.say('Closed.');
  process.exit(signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1);
}

async function main(): Promise<void> {
  if (options.help) {
    console.log(HELP);
    return;
  }
  whenStarterIsGone(() => void closedBy('SIGHUP'));
  // A closed terminal, or a reader who has seen enough.
  process.stdout.on('error', () => void closedBy('SIGHUP'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void closedBy(signal));
  try {
    process.exitCode = await demo();
  } catch (error) {
    if (isClosing) return;
    process.exitCode = 1;
    page.gap();
    page.bad('The demo stops', error instanceof Error ? error.message : String(error));
  }
  await close();
}

await main();
