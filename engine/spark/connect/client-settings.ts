/** Settings that Spark Connect's clients read to decide how they work, with the values this server has for them. */
export const clientSettings: Readonly<Record<string, string>> = {
  'spark.connect.session.planCompression.threshold': '-1',
  'spark.connect.session.planCompression.defaultAlgorithm': 'NONE',
  // Local data travels inside the plan; uploads (artifacts) are not supported, so the threshold is what one message can hold.
  'spark.sql.session.localRelationCacheThreshold': '100663296',
  'spark.sql.session.localRelationSizeLimit': '3221225472',
  'spark.sql.session.localRelationChunkSizeRows': '10000',
  'spark.sql.session.localRelationChunkSizeBytes': '16777216',
  'spark.sql.session.localRelationBatchOfChunksSizeBytes': '1073741824',
  'spark.sql.execution.pandas.convertToArrowArraySafely': 'false',
  'spark.sql.execution.pandas.inferPandasDictAsMap': 'false',
  'spark.sql.execution.pandas.structHandlingMode': 'legacy',
  'spark.sql.execution.arrow.useLargeVarTypes': 'false',
  'spark.sql.execution.arrow.pyspark.enabled': 'true',
  'spark.sql.execution.arrow.pyspark.selfDestruct.enabled': 'false',
  'spark.sql.execution.pyspark.binaryAsBytes': 'true',
  'spark.sql.execution.pythonUDF.arrow.enabled': 'false',
  'spark.sql.execution.pythonUDTF.arrow.enabled': 'false',
  'spark.sql.pyspark.inferNestedDictAsStruct.enabled': 'false',
  'spark.sql.pyspark.legacy.inferArrayTypeFromFirstElement.enabled': 'false',
  'spark.sql.pyspark.legacy.inferMapTypeFromFirstPair.enabled': 'false',
  'spark.sql.pyspark.jvmStacktrace.enabled': 'false',
  'spark.sql.connect.serverStacktrace.enabled': 'false',
  'spark.sql.connect.ui.store.sessions': '200',
  'spark.sql.repl.eagerEval.enabled': 'false',
  'spark.sql.repl.eagerEval.maxNumRows': '20',
  'spark.sql.repl.eagerEval.truncate': '20',
  'spark.sql.repl.showProgress.enabled': 'false',
  'spark.python.sql.dataFrameDebugging.enabled': 'false',
};

/** Bytes of one message either way; PySpark's own limit. Leaves room above `localRelationCacheThreshold`. */
export const messageBytesMax = 128 * 1024 * 1024;
