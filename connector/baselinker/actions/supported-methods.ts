import { shopAction, type ShopAction } from './context.ts';

/** Answers the names of the actions that it is put together with, itself included. */
export function supportedMethods(others: readonly ShopAction[]): ShopAction {
  return shopAction({
    name: 'SupportedMethods',
    input: [],
    run: () => Promise.resolve(['SupportedMethods', ...others.map(({ name }) => name)]),
  });
}
