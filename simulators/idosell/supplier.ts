import { done } from './answer.ts';
import type { Operation, Supplier } from './shop.ts';

export const USUAL_SUPPLIER: Supplier = {
  ...{ name: 'Hurtownia Przykładowa', email: 'hurt@example.test', phone: '910000001' },
  ...{ street: 'Źródlana 3', zipCode: '70-002', city: 'Szczecin' },
  averageDeliveryTime: { value: 2, unit: 'days' },
  orderCompletionTime: { value: 0, unit: 'immediately' },
  workDays: [
    { day: '1', type: 'deliverer_open_hours', from: '08:00', to: '16:00' },
    { day: '7', type: 'deliverer_closed', from: '', to: '' },
  ],
};

export const getSupplierData: Operation = (_call, { supplier, profile }) => {
  const names = profile.names.supplier;
  const span = ({ value, unit }: Supplier['averageDeliveryTime']) => ({ [names.value]: value, [names.unit]: unit });
  return done({
    [names.name]: supplier.name,
    [names.email]: supplier.email,
    [names.phone]: supplier.phone,
    [names.street]: supplier.street,
    [names.zipCode]: supplier.zipCode,
    [names.city]: supplier.city,
    [names.averageDeliveryTime]: span(supplier.averageDeliveryTime),
    [names.orderCompletionTime]: span(supplier.orderCompletionTime),
    [names.workDays]: supplier.workDays.map(({ day, type, from, to }) => ({
      ...{ [names.day]: day, [names.type]: type, [names.from]: from, [names.to]: to },
    })),
  });
};
