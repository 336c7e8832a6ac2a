// @ts-expect-error: the point of this script is that the file is missing
import { nothing } from './not-there.ts';

export default (): unknown => nothing;
