package peers;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.contract.AbstractFSContract;

/** Any running file system as the subject of Hadoop's contract tests; its address is the property peers.uri. */
public class PeerContract extends AbstractFSContract {
  private final URI uri = URI.create(System.getProperty("peers.uri"));
  private FileSystem fileSystem;

  public PeerContract(Configuration configuration) {
    super(configuration);
    addConfResource("contract-options.xml");
    getConf().set("fs.defaultFS", uri.toString());
  }

  @Override
  public void init() throws IOException {
    super.init();
    fileSystem = FileSystem.get(uri, getConf());
  }

  @Override
  public FileSystem getTestFileSystem() {
    return fileSystem;
  }

  @Override
  public FileSystem getFileSystem(URI other) throws IOException {
    return FileSystem.get(other, getConf());
  }

  @Override
  public String getScheme() {
    return uri.getScheme();
  }

  @Override
  public Path getTestPath() {
    return new Path("/test");
  }
}
