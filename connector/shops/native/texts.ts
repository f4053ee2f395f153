/** What the columns hold that we write texts to, in characters. The tests compare it with the schema. */
export const MAX_CHARACTERS = {
  shop_orders: {
    email: 320,
    phone: 100,
    phone_e164: 20,
    delivery_fullname: 200,
    delivery_company: 200,
    delivery_address: 300,
    delivery_postcode: 100,
    delivery_city: 100,
    delivery_state_code: 32,
    delivery_country: 100,
    delivery_country_code: 2,
    invoice_fullname: 200,
    invoice_company: 200,
    invoice_nip: 32,
    invoice_address: 300,
    invoice_postcode: 100,
    invoice_city: 100,
    invoice_state_code: 32,
    invoice_country: 100,
    invoice_country_code: 2,
    delivery_point_id: 64,
    delivery_point_name: 200,
    delivery_point_address: 300,
    delivery_point_postcode: 100,
    delivery_point_city: 100,
    delivery_name: 100,
    payment_name: 100,
    currency: 3,
    transaction_id: 100,
    service: 64,
    service_account: 100,
    client_login: 100,
  },
  shop_order_lines: { sku: 64, ean: 32, name: 300, location: 64, auction_id: 64 },
  shop_parcels: { carrier: 100, tracking_number: 100, tracking_url: 500 },
  shop_products: { sku: 64, ean: 32, name: 255 },
  shop_product_images: { url: 500 },
  shop_product_features: { name: 100, value: 350 },
  shop_manufacturers: { name: 100 },
  shop_categories: { name: 200 },
} as const;

/** The long ones hold so many bytes. */
export const MAX_BYTES = {
  shop_orders: { user_comments: 65_535, admin_comments: 65_535 },
  shop_order_lines: { attributes: 65_535 },
  shop_product_texts: {
    description: 16_777_215,
    description_extra1: 65_535,
    description_extra2: 65_535,
    description_extra3: 65_535,
    description_extra4: 65_535,
  },
} as const;

/** The first so many characters as the database counts them: never half of one that JavaScript stores in two units. */
export function cutCharacters(text: string, max: number): string {
  if (text.length <= max) return text;
  let units = 0;
  for (let count = 0; count < max && units < text.length; count += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, units);
}

/** The longest beginning that takes at most so many bytes as UTF-8. */
export function cutBytes(text: string, max: number): string {
  if (text.length * 3 <= max) return text; // no unit takes more than three bytes
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= max) return text;
  let end = max;
  while (end > 0 && isContinuation(bytes[end])) end -= 1;
  return bytes.toString('utf8', 0, end);
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
