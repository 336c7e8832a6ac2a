import type { Session } from '../driver/session.ts';
import type { Schema } from '../plan/types.ts';
import { identifierParts } from './from-proto/identifier.ts';
import type { Catalog } from './generated/spark/connect/catalog_pb.ts';
import { invalidPlan, unsupported } from './invalid-plan.ts';

export interface CatalogAnswer {
  readonly schema: Schema;
  readonly rows: readonly (readonly (string | boolean)[])[];
}

/** The catalog of a session is its temporary views: there are no databases and no stored tables. */
export function runCatalogRequest(message: Catalog, session: Session): CatalogAnswer {
  const request = message.catType;
  switch (request.case) {
    case 'currentCatalog': return one('current_catalog', 'spark_catalog');
    case 'currentDatabase': return one('current_database', 'default');
    case 'databaseExists': return one('database_exists', request.value.dbName.toLowerCase() === 'default');
    case 'tableExists': {
      const name = identifierParts(request.value.tableName);
      return one('table_exists', name.length === 1 && session.viewNames().includes((name[0] ?? '').toLowerCase()));
    }
    case 'dropTempView': return one('dropped', session.dropView(request.value.viewName));
    case undefined: throw invalidPlan('a catalog request without a type');
    default: throw unsupported(`the catalog request ${request.case} of Spark Connect`);
  }
}

function one(name: string, value: string | boolean): CatalogAnswer {
  return { schema: [{ name, type: { kind: typeof value === 'string' ? 'string' : 'boolean' }, nullable: false }], rows: [[value]] };
}
