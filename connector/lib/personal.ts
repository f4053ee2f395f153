/** Parties quote what they were sent. What they say is kept for the operator, without what tells who a buyer is. */
export function withoutPersonalData(text: string): string {
  return text
    .replace(/[^\s@"'<>(),;:=]+@[^\s@"'<>(),;:=]+/g, '[e-mail]')
    .replace(/(?:\+|\b00)\d(?:[ ()-]?\d){7,}/g, '[phone]');
}
