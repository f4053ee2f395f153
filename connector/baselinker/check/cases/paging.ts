import type { z } from 'zod';
import type { Parameters } from '../client.ts';
import { counted } from '../text-layout.ts';
import type { Finding, Report } from '../report.ts';
import type { Page } from '../field-schemas.ts';

/** A check reads no more pages of one listing than this. */
export const MAX_PAGES = 20;

export interface Listing<Row> {
  readonly action: string;
  readonly title: string;
  readonly parameters?: Parameters;
  readonly schema: z.ZodType<Page<Row>>;
  /** What a row is: "product". */
  readonly noun: string;
  /** What else must be true of a page's rows. */
  readonly look?: (rows: ReadonlyMap<string, Row>) => Pick<Finding, 'faults' | 'notes'>;
}

/** Everything that was read, in order; `complete` unless the pages were too many or one failed. */
export interface ListedRows<Row> {
  readonly rows: ReadonlyMap<string, Row>;
  readonly pages: number;
  readonly complete: boolean;
}

/** Reads a listing page by page: the number of pages stays the same, and no row comes twice. */
export async function readAll<Row>(report: Report, listing: Listing<Row>): Promise<ListedRows<Row>> {
  const rows = new Map<string, Row>();
  let pages = 1;
  for (let page = 1; page <= Math.min(pages, MAX_PAGES); page += 1) {
    const first = page === 1;
    const answer = await report.call({
      title: `${listing.title}, page ${page}`,
      action: listing.action,
      parameters: { ...listing.parameters, page },
      schema: listing.schema,
      look: (value) => {
        const further = listing.look?.(value.rows) ?? {};
        const faults = [...(further.faults ?? []), ...repeated(value.rows, rows)];
        if (!first && value.pages !== pages) faults.push(`pages is ${value.pages} here and ${pages} on the first page`);
        if (!first && page <= value.pages && value.rows.size === 0)
          faults.push('this page is empty although it is not past the end');
        return {
          says: `${counted(value.rows.size, listing.noun)}, page ${page} of ${value.pages}`,
          faults,
          notes: further.notes ?? [],
        };
      },
    });
    if (!answer) return { rows, pages, complete: false };
    if (first) pages = answer.pages;
    for (const [id, row] of answer.rows) rows.set(id, row);
  }
  if (pages > MAX_PAGES)
    report.skipped(`${listing.title}, further pages`, `only the first ${MAX_PAGES} of ${pages} pages are read`);
  return { rows, pages, complete: pages <= MAX_PAGES };
}

function repeated<Row>(page: ReadonlyMap<string, Row>, earlier: ReadonlyMap<string, Row>): string[] {
  const twice = [...page.keys()].filter((id) => earlier.has(id));
  return twice.length === 0 ? [] : [`${few(twice)} stood on an earlier page already`];
}

/** A page past the end has no rows, and tells the true number of pages. */
export async function pastTheEnd<Row>(report: Report, listing: Listing<Row>, pages: number): Promise<void> {
  await report.call({
    title: `${listing.title}, past the last page`,
    action: listing.action,
    parameters: { ...listing.parameters, page: 999_999 },
    schema: listing.schema,
    look: (value) => ({
      says: `no ${listing.noun}s, ${counted(value.pages, 'page')}`,
      faults: [
        ...(value.rows.size > 0
          ? [`holds ${counted(value.rows.size, listing.noun)}: BaseLinker would read them again`]
          : []),
        ...(value.pages === pages ? [] : [`pages is ${value.pages} here and ${pages} on the first page`]),
      ],
    }),
  });
}

/** The first ids of a longer list, for a sentence. */
export function few(ids: readonly string[]): string {
  const named = ids.slice(0, 3).join(', ');
  return ids.length > 3 ? `${named} and ${ids.length - 3} more` : named;
}
