using DaprRollouts.Executor;

var options = new ExecutorOptions
{
    Kubeconfig = args is ["--kubeconfig", var path, ..] ? path : null, Urls = "http://127.0.0.1:0", LogLevel = LogLevel.Warning,
};
await ExecutorHost.Build(options).RunAsync();
