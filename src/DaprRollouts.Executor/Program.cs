using DaprRollouts.Engine;
using DaprRollouts.Executor;
using DaprRollouts.Kubernetes;
using k8s.Exceptions;

var command = ExecutorCommand.Create(async (options, cancel) =>
{
    try
    {
        HttpClient.DefaultProxy = ExecutorHost.Proxies(); // for the API server and AWS, too
        await using var app = ExecutorHost.Build(options);
        await ClusterCheck.RunAsync(app.Services.GetRequiredService<ClusterConnection>(), cancel);
        await app.RunAsync(cancel);
        return ExecutorCommand.Ended;
    }
    catch (Exception e) when (e is EngineDataException or KubeConfigException or StartException or IOException)
    {
        await Console.Error.WriteLineAsync($"dapr-rollouts-executor: {e.Message}");
        return ExecutorCommand.CannotStart;
    }
});
var parsed = command.Parse(ExecutorCommand.WithEnvironment(args));
if (parsed.Errors is [var error, ..])
{
    await Console.Error.WriteLineAsync($"dapr-rollouts-executor: {error.Message.ReplaceLineEndings(" ").Trim()} See --help.");
    return ExecutorCommand.CannotStart;
}

return await parsed.InvokeAsync();
