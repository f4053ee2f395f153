import type { Knex } from 'knex';
import { createTable, dropTable } from '../../connector/db/ddl.ts';

/**
 * The catalogue. Long texts stand in a table of their own, so that list and dump pages read short rows. Products and
 * variants are never deleted: `removed_at` retires them, and the foreign keys refuse a plain DELETE, because an id that
 * BaseLinker has seen must not vanish from one dump to the next.
 */
const TABLES: readonly (readonly [string, string])[] = [
  [
    'shop_categories',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  parent_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = top level',
  name VARCHAR(200) NOT NULL,
  position INT NOT NULL DEFAULT 0,
  active TINYINT(1) NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  UNIQUE KEY shop_categories_name (parent_id, name)`,
  ],
  [
    'shop_manufacturers',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(100) NOT NULL,
  image_url VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  UNIQUE KEY shop_manufacturers_name (name)`,
  ],
  [
    'shop_products',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  sku VARCHAR(64) NOT NULL DEFAULT '',
  ean VARCHAR(32) NOT NULL DEFAULT '',
  model VARCHAR(64) NOT NULL DEFAULT '',
  name VARCHAR(255) NOT NULL,
  category_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = none',
  manufacturer_id INT UNSIGNED NULL,
  price DECIMAL(12,2) NULL COMMENT 'gross; NULL = not known',
  vat_rate DECIMAL(5,2) NULL COMMENT 'percent; NULL = exempt',
  quantity INT NOT NULL DEFAULT 0 COMMENT 'stock of the main product',
  weight DECIMAL(10,3) NOT NULL DEFAULT 0 COMMENT 'kg',
  height DECIMAL(8,2) NOT NULL DEFAULT 0 COMMENT 'cm',
  length DECIMAL(8,2) NOT NULL DEFAULT 0 COMMENT 'cm',
  width DECIMAL(8,2) NOT NULL DEFAULT 0 COMMENT 'cm',
  location VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'place in the warehouse',
  delivery_days SMALLINT UNSIGNED NULL,
  url VARCHAR(500) NOT NULL DEFAULT '',
  active TINYINT(1) NOT NULL DEFAULT 1,
  removed_at DATETIME(3) NULL COMMENT 'retired for good; the row stays',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  changed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY shop_products_sku (sku),
  KEY shop_products_ean (ean),
  KEY shop_products_category (category_id),
  KEY shop_products_removed (removed_at)`,
  ],
  [
    'shop_product_texts',
    `product_id INT UNSIGNED NOT NULL,
  description MEDIUMTEXT NOT NULL,
  description_extra1 TEXT NOT NULL,
  description_extra2 TEXT NOT NULL,
  description_extra3 TEXT NOT NULL,
  description_extra4 TEXT NOT NULL,
  PRIMARY KEY (product_id),
  CONSTRAINT shop_product_texts_product FOREIGN KEY (product_id) REFERENCES shop_products (id)`,
  ],
  [
    'shop_variants',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  product_id INT UNSIGNED NOT NULL,
  name VARCHAR(200) NOT NULL COMMENT 'the variant part only',
  sku VARCHAR(64) NOT NULL DEFAULT '',
  ean VARCHAR(32) NOT NULL DEFAULT '',
  price DECIMAL(12,2) NULL COMMENT 'gross; NULL = as the product',
  quantity INT NOT NULL DEFAULT 0,
  weight DECIMAL(10,3) NULL COMMENT 'kg; NULL = as the product',
  position INT NOT NULL DEFAULT 0,
  active TINYINT(1) NOT NULL DEFAULT 1,
  removed_at DATETIME(3) NULL COMMENT 'retired for good; the row stays',
  changed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (id),
  KEY shop_variants_product (product_id),
  KEY shop_variants_sku (sku),
  KEY shop_variants_ean (ean),
  CONSTRAINT shop_variants_product FOREIGN KEY (product_id) REFERENCES shop_products (id)`,
  ],
  [
    'shop_product_images',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  product_id INT UNSIGNED NOT NULL,
  variant_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = the product',
  position INT NOT NULL DEFAULT 0,
  url VARCHAR(500) NOT NULL,
  PRIMARY KEY (id),
  KEY shop_product_images_product (product_id, variant_id, position),
  CONSTRAINT shop_product_images_product FOREIGN KEY (product_id) REFERENCES shop_products (id)`,
  ],
  [
    'shop_product_features',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  product_id INT UNSIGNED NOT NULL,
  variant_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = the product',
  position INT NOT NULL DEFAULT 0,
  name VARCHAR(100) NOT NULL,
  value VARCHAR(350) NOT NULL COMMENT 'one row a value; several rows of one name are several values',
  PRIMARY KEY (id),
  KEY shop_product_features_product (product_id, variant_id, position),
  CONSTRAINT shop_product_features_product FOREIGN KEY (product_id) REFERENCES shop_products (id)`,
  ],
  [
    'shop_product_supplies',
    `id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  product_id INT UNSIGNED NOT NULL,
  variant_id INT UNSIGNED NOT NULL DEFAULT 0 COMMENT '0 = the product',
  wholesaler VARCHAR(64) NOT NULL COMMENT 'name of the wholesaler profile',
  code VARCHAR(100) NOT NULL COMMENT 'the article code at the wholesaler',
  code_type VARCHAR(32) NOT NULL COMMENT 'what kind of code it is, in the words of the wholesaler profile',
  PRIMARY KEY (id),
  UNIQUE KEY shop_product_supplies_article (product_id, variant_id, wholesaler),
  KEY shop_product_supplies_code (wholesaler, code),
  CONSTRAINT shop_product_supplies_product FOREIGN KEY (product_id) REFERENCES shop_products (id)`,
  ],
];

export async function up(knex: Knex): Promise<void> {
  for (const [name, body] of TABLES) await createTable(knex, name, body, 'utf8mb4_polish_ci');
}

export async function down(knex: Knex): Promise<void> {
  for (const [name] of TABLES.toReversed()) await dropTable(knex, name);
}
