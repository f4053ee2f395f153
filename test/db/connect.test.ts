import assert from 'node:assert/strict';
import { readRows } from '../../connector/db/connect.ts';
import { testDatabase, emptyTables } from '../support/database.ts';

describe('the connection', () => {
  it('reads rows as arrays', async () => {
    await emptyTables();
    assert.deepEqual(await readRows(testDatabase().db, 'SELECT ? + 1, CAST(1 AS DECIMAL(5,2)) LIMIT ?', [1, 1]), [
      [2, '1.00'],
    ]);
  });
});
