import assert from 'node:assert/strict';
import { activePaths, shownPlaces } from '../../connector/domain/category-paths.ts';

const category = (id: string, name: string, parentId?: string, active = true) => ({ id, name, parentId, active });

describe('category paths', () => {
  it('name a category after its ancestors', () => {
    const paths = shownPlaces([category('2', 'Węże', '1'), category('1', 'Ogród'), category('3', 'Złączki', '2')]);
    assert.equal(paths('3')?.path, 'Ogród/Węże/Złączki');
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

  it('place a product of a hidden category at its nearest ancestor that is shown', () => {
    const places = shownPlaces([
      category('1', 'A'),
      category('2', 'B', '1', false),
      category('3', 'C', '2'),
      category('4', 'D', undefined, false),
    ]);
    assert.deepEqual(places('3'), { id: '1', path: 'A' });
    assert.equal(places('4'), undefined);
  });

  it('survive parents that go round in a circle or do not exist', () => {
    const paths = shownPlaces([category('1', 'A', '2'), category('2', 'B', '1'), category('3', 'C', '99')]);
    assert.equal(paths('1')?.path, 'B/A');
    assert.equal(paths('3')?.path, 'C');
  });
});
