import type { Knex } from 'knex';

/** An account with every right in the schema and none on the server, as an everyday account has. Its URL. */
export async function accountOn(root: Knex, url: string, rights = 'ALL', demands = ''): Promise<string> {
  const own = new URL(url);
  own.username = 'everyday';
  own.password = 'everyday-password';
  for (const host of ['127.0.0.1', 'localhost']) {
    await root.raw(`CREATE USER ?@? IDENTIFIED BY ? ${demands}`, [own.username, host, own.password]);
    await root.raw(`GRANT ${rights} ON shop.* TO ?@?`, [own.username, host]);
  }
  return own.href;
}
