import assert from 'node:assert/strict';
import { activePaths, allPaths } from '../../connector/domain/category-paths.ts';

const category = (id: string, name: string, parentId?: string, active = true) => ({ id, name, parentId, active });

describe('category paths', () => {
  it('name a category after its ancestors', () => {
    const paths = allPaths([category('2', 'Węże', '1'), category('1', 'Ogród'), category('3', 'Złączki', '2')]);
    assert.equal(paths.get('3'), 'Ogród/Węże/Złączki');
  });

  it('are sorted by the Polish alphabet, whatever the ids', () => {
    const sorted = activePaths([
      category('1', 'Żywność'),
      category('2', 'Zabawki'),
      category('31', 'Łóżka'),
      category('7', 'Lampy'),
    ]);
    assert.deepEqual([...sorted.values()], ['Lampy', 'Łóżka', 'Zabawki', 'Żywność']);
  });

  it('leave out what is switched off, and everything below it', () => {
    const sorted = activePaths([category('1', 'A', undefined, false), category('2', 'B', '1'), category('3', 'C')]);
    assert.deepEqual([...sorted], [['3', 'C']]);
  });

  it('survive parents that go round in a circle or do not exist', () => {
    const paths = allPaths([category('1', 'A', '2'), category('2', 'B', '1'), category('3', 'C', '99')]);
    assert.equal(paths.get('1'), 'B/A');
    assert.equal(paths.get('3'), 'C');
  });
});
