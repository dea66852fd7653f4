/** Faults of the embedded broker. */
export type BrokerErrorCode =
  | 'broker/port-taken'
  | 'broker/address-unavailable'
  | 'broker/cannot-start'
  | 'broker/not-running';
