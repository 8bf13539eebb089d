using DaprRollouts.Engine;
using DaprRollouts.Executor;
using k8s.Exceptions;

return await ExecutorCommand.Create(async (options, cancel) =>
{
    try
    {
        await using var app = ExecutorHost.Build(options);
        await app.RunAsync(cancel);
        return 0;
    }
    catch (Exception e) when (e is EngineDataException or KubeConfigException)
    {
        await Console.Error.WriteLineAsync($"dapr-rollouts-executor: {e.Message}");
        return 2;
    }
}).Parse(args).InvokeAsync();
