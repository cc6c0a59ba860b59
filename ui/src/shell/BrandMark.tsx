/** The program's sign: a rising line that ends in a point. */
export function BrandMark() {
  return (
    <svg
      width="20"
      height="20"
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M2.5 14.5 7 9l3.5 3.2L16 5.6" />
      <circle cx="16.6" cy="4.9" r="1.4" fill="currentColor" stroke="none" />
    </svg>
  );
}
