/** Floating-point numbers as Java (and so Spark) writes them: shortest digits that read back the same, at least one decimal. */

/** `1.0`, `1.5E10`, `NaN`, `-Infinity`: Double.toString of JDK 19 and later. */
export function doubleText(value: number): string {
  const magnitude = Math.abs(value);
  // Of the decimals that read back as the value Java takes the closest with at least two digits: 4.9E-324, not 5.0E-324.
  const two = magnitude.toExponential(1);
  return javaText(value, Number(two) === magnitude ? two : magnitude.toExponential());
}

/** Float.toString: the shortest digits that tell the value from other 32-bit floats. */
export function floatText(value: number): string {
  const magnitude = Math.abs(value);
  for (let digits = 1; digits < 9; digits += 1) {
    const text = magnitude.toExponential(digits);
    if (Math.fround(Number(text)) === magnitude) return javaText(value, text);
  }
  return javaText(value, magnitude.toExponential());
}

/** `exponential` is the magnitude as `d.dde±n`. Plain between 10⁻³ and 10⁷, scientific outside. */
function javaText(value: number, exponential: string): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  if (!Number.isFinite(value)) return `${sign}Infinity`;
  if (value === 0) return `${sign}0.0`;
  const [mantissa = '', power = '0'] = exponential.split('e');
  const digits = mantissa.replace('.', '').replace(/0+$/, '') || '0';
  const exponent = Number(power);
  if (exponent >= -3 && exponent < 7) return sign + plainText(digits, exponent);
  return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
}

function plainText(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1) || '0'}`;
}
