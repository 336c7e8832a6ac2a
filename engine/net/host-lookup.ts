/** Names of pods where there is no cluster DNS: a JSON file from name to address, kept by whoever runs the pods. */
import { lookup as systemLookup } from 'node:dns';
import { readFile } from 'node:fs';
import { isIP, type LookupFunction } from 'node:net';

/** For `net.connect` and HTTP agents. The file is read anew at each look-up, because pods come and go; names that it lacks go to the operating system. */
export function hostsFileLookup(path: string): LookupFunction {
  return (hostname, options, callback) => {
    readFile(path, 'utf8', (error, text) => {
      const address = error === null ? addressIn(text, hostname) : undefined;
      if (address === undefined) systemLookup(hostname, options, callback);
      else if (options.all === true) callback(null, [{ address, family: isIP(address) }]);
      else callback(null, address, isIP(address));
    });
  };
}

function addressIn(text: string, hostname: string): string | undefined {
  try {
    const address: unknown = (JSON.parse(text) as Readonly<Record<string, unknown>>)[hostname];
    return typeof address === 'string' && isIP(address) !== 0 ? address : undefined;
  } catch {
    return undefined; // half written: the next look-up reads it whole
  }
}
