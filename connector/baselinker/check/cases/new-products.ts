import { addedCategory, addedProduct, categories, productsData } from '../response-schemas.ts';
import type { Report } from '../report.ts';
import { writeStock } from './stock-and-price-writes.ts';
import { differs, type Leftovers } from './write-and-read.ts';

const NAME = 'BaseLinker check';
const PRODUCT = { sku: 'BASELINKER-CHECK', name: `${NAME}: not for sale`, quantity: 0, price: '1.00', tax: 23 };

/** A category and a product, each added twice: the second time must find the first. Later checks find them again. */
export async function checkNewProducts(
  report: Report,
  offered: ReadonlySet<string>,
  leftovers: Leftovers,
): Promise<void> {
  report.heading('Writing: categories and products');
  const category = offered.has('CategoryAdd') ? await addCategory(report, offered) : undefined;
  if (category === undefined) report.skipped('CategoryAdd', 'not among the supported methods, or it failed');
  else leftovers.push(`category ${category} (${NAME})`);
  if (!offered.has('ProductAdd')) {
    report.skipped('ProductAdd', 'not among the supported methods');
    return;
  }
  const product = await addProduct(report, offered, category);
  if (product !== undefined) leftovers.push(`product ${product} (SKU ${PRODUCT.sku}, without stock)`);
}

async function addCategory(report: Report, offered: ReadonlySet<string>): Promise<string | undefined> {
  const id = await twice('category', (title, look) =>
    report
      .call({
        title: `CategoryAdd${title}`,
        action: 'CategoryAdd',
        parameters: { name: NAME, parent_id: '' },
        schema: addedCategory,
        look: ({ category_id }) => look(category_id),
      })
      .then((added) => added?.category_id),
  );
  if (id !== undefined && offered.has('ProductsCategories')) {
    await report.call({
      title: 'ProductsCategories, with the new one',
      action: 'ProductsCategories',
      schema: categories,
      look: (paths) => ({ says: `category ${id}`, faults: differs('its name', paths.get(id) ?? '', NAME) }),
    });
  }
  return id;
}

async function addProduct(
  report: Report,
  offered: ReadonlySet<string>,
  category: string | undefined,
): Promise<string | undefined> {
  const filed = category ?? '';
  const id = await twice('product', (title, look) =>
    report
      .call({
        title: `ProductAdd${title}`,
        action: 'ProductAdd',
        parameters: { product_id: '', ...PRODUCT, category_id: filed },
        schema: addedProduct,
        look: ({ product_id }) => look(product_id),
      })
      .then((added) => added?.product_id),
  );
  if (id !== undefined && offered.has('ProductsQuantityUpdate')) {
    // `set` is tried here only: nobody can have bought this product meanwhile.
    await writeStock(report, id, 'change', 2);
    await writeStock(report, id, 'set', PRODUCT.quantity);
  }
  if (id !== undefined && offered.has('ProductsData')) {
    await report.call({
      title: 'ProductsData of the new product',
      action: 'ProductsData',
      parameters: { products_id: id },
      schema: productsData,
      look: (cards) => {
        const card = cards.get(id);
        if (!card) return { says: '', faults: [`product ${id} is not there`] };
        const faults = [
          ...(['sku', 'name', 'quantity', 'tax'] as const).flatMap((field) =>
            differs(field, card[field], PRODUCT[field]),
          ),
          ...differs('price', card.price ?? '', PRODUCT.price),
          ...(filed === '' ? [] : differs('category_id', card.category_id, filed)),
        ];
        return { says: `product ${id} as it was sent`, faults };
      },
    });
  }
  return id;
}

type Look = (id: string) => { readonly says: string; readonly faults: readonly string[] };

/** Adds, and adds again; answers the id of the first time. */
async function twice(
  noun: string,
  add: (title: string, look: Look) => Promise<string | undefined>,
): Promise<string | undefined> {
  const first = await add('', (id) => ({ says: `${noun} ${id}`, faults: [] }));
  if (first === undefined) return undefined;
  await add(', the same again', (id) => ({
    says: `${noun} ${id}, the same`,
    faults: id === first ? [] : [`is ${noun} ${id}, but the first time it was ${first}: now there are two`],
  }));
  return first;
}
