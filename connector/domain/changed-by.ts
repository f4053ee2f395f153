/** Who changed something: the action, and the call as the log names it. */
export interface ChangedBy {
  readonly action: string;
  readonly callId: string;
  readonly orderId?: string;
}
