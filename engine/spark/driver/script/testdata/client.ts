/** Stands for engine/spark/client where a test needs no driver: sessions and DataFrames that do nothing. */
export class DataFrame {
  async createOrReplaceTempView(name: string): Promise<void> {
    console.log(`view ${name}`);
  }
}

export const SparkSession = {
  builder: {
    getOrCreate: async () => ({ range: () => new DataFrame(), remote: process.env['SPARK_REMOTE'], token: process.env['SPARK_CONNECT_AUTHENTICATE_TOKEN'] }),
  },
};
