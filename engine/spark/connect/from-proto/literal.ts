import type { Expression_Literal as LiteralMessage } from '../generated/spark/connect/expressions_pb.ts';
import type { Expression, LiteralValue } from '../../plan/expression.ts';
import type { DataType } from '../../plan/types.ts';
import { invalidPlan, required, unsupported } from '../invalid-plan.ts';
import type { TextParser } from './parser.ts';
import { typeFromProto } from './type.ts';

/** A literal; arrays, maps and structs become calls of the functions that build them. */
export function literalFromProto(message: LiteralMessage, parser: TextParser): Expression {
  const literal = message.literalType;
  switch (literal.case) {
    case 'null':
      return constant(null, typeFromProto(literal.value, parser));
    case 'binary': case 'boolean': case 'byte': case 'short': case 'long': case 'float': case 'double': case 'string': case 'date': case 'timestamp':
      return constant(literal.value, { kind: literal.case });
    case 'integer':
      return constant(literal.value, { kind: 'int' });
    case 'timestampNtz':
      return constant(literal.value, { kind: 'timestamp_ntz' });
    case 'decimal':
      return decimalLiteral(literal.value.value, literal.value.precision, literal.value.scale);
    case 'array':
      return { kind: 'call', name: 'array', arguments: literal.value.elements.map((each) => literalFromProto(each, parser)) };
    case 'map':
      return { kind: 'call', name: 'map', arguments: literal.value.keys.flatMap((key, index) => [
        literalFromProto(key, parser), literalFromProto(required(literal.value.values[index], 'a value of a map literal'), parser)]) };
    case 'struct':
      return structLiteral(message, literal.value.elements, parser);
    case 'specializedArray':
      return specializedArray(literal.value.valueType);
    case 'calendarInterval': case 'yearMonthInterval': case 'dayTimeInterval': case 'time':
      throw unsupported(`a literal of type ${literal.case}`);
    case undefined:
      throw invalidPlan('a literal without a value');
    default:
      return literal satisfies never;
  }
}

function constant(value: LiteralValue, type: DataType): Expression {
  return { kind: 'literal', value, type };
}

/** Precision and scale are those of the digits where the client sends none. */
function decimalLiteral(digits: string, precision: number | undefined, scale: number | undefined): Expression {
  const match = /^-?0*(\d*)(?:\.(\d*))?$/.exec(digits);
  if (match === null) throw invalidPlan(`the decimal literal '${digits}' is not a plain number`);
  const fraction = match[2]?.length ?? 0;
  const derived = Math.max((match[1]?.length ?? 0) + fraction, fraction, 1);
  return constant(digits, { kind: 'decimal', precision: precision ?? derived, scale: scale ?? fraction });
}

function structLiteral(message: LiteralMessage, elements: readonly LiteralMessage[], parser: TextParser): Expression {
  const literal = message.literalType;
  const typeMessage = message.dataType ?? (literal.case === 'struct' ? literal.value.structType : undefined);
  const type = typeFromProto(required(typeMessage, 'the type of a struct literal'), parser);
  if (type.kind !== 'struct' || type.fields.length !== elements.length) throw invalidPlan('a struct literal does not match its type');
  return { kind: 'call', name: 'named_struct', arguments: type.fields.flatMap((field, index) => [
    constant(field.name, { kind: 'string' }), literalFromProto(required(elements[index], 'a field of a struct literal'), parser)]) };
}

type SpecializedArray = Extract<LiteralMessage['literalType'], { case: 'specializedArray' }>['value']['valueType'];

function specializedArray(array: SpecializedArray): Expression {
  const kinds = { bools: 'boolean', ints: 'int', longs: 'long', floats: 'float', doubles: 'double', strings: 'string' } as const;
  if (array.case === undefined) throw invalidPlan('an array literal without values');
  const type: DataType = { kind: kinds[array.case] };
  const values: readonly LiteralValue[] = array.value.values;
  return { kind: 'call', name: 'array', arguments: values.map((value) => constant(value, type)) };
}
