export { checkDeliveryOptions, deliveryProperties, holdingProperties } from './properties/delivery-properties.ts';
export { requestHeaderProperties } from './properties/header-properties.ts';
