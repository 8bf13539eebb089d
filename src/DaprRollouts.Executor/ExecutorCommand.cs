using System.CommandLine;

namespace DaprRollouts.Executor;

/// <summary>The executor's command line.</summary>
public static class ExecutorCommand
{
    /// <summary>The command; it calls back with the options given.</summary>
    public static RootCommand Create(Func<ExecutorOptions, CancellationToken, Task<int>> run)
    {
        var kubeconfig = new Option<string?>("--kubeconfig") { Description = "Path of a kubeconfig. Default: KUBECONFIG, ~/.kube/config, the pod's service account." };
        var ns = new Option<string?>("--namespace", "-n") { Description = "Only Rollouts of this namespace. Default: all." };
        var engine = new Option<EngineKind?>("--engine")
        {
            Description = "embedded or dapr. Default: dapr where a sidecar is announced (DAPR_GRPC_ENDPOINT, DAPR_GRPC_PORT), else embedded.",
        };
        var data = new Option<string>("--data") { Description = "Directory of the embedded engine's data.", DefaultValueFactory = _ => "data" };
        var urls = new Option<string>("--urls") { Description = "Where to serve HTTP.", DefaultValueFactory = _ => "http://127.0.0.1:8090" };
        var instance = new Option<string?>("--instance-id") { Description = "Only Rollouts with this instance id. Default: those without one." };
        var elect = new Option<bool>("--leader-elect") { Description = "Elect one of several replicas to trigger workflows." };
        var log = new Option<LogLevel>("--log-level") { Description = "Trace, Debug, Information, Warning or Error.", DefaultValueFactory = _ => LogLevel.Information };
        var command = new RootCommand("Runs Rollouts of a Kubernetes cluster as durable workflows.") { kubeconfig, ns, engine, data, urls, instance, elect, log };
        command.SetAction((parsed, cancel) => run(
            new ExecutorOptions
            {
                Kubeconfig = parsed.GetValue(kubeconfig),
                Namespace = parsed.GetValue(ns),
                Engine = parsed.GetValue(engine) ?? Announced(),
                Data = parsed.GetValue(data)!,
                Urls = parsed.GetValue(urls)!,
                InstanceId = parsed.GetValue(instance),
                LeaderElect = parsed.GetValue(elect),
                LogLevel = parsed.GetValue(log),
            },
            cancel));
        return command;
    }

    private static EngineKind Announced() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DAPR_GRPC_ENDPOINT"))
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DAPR_GRPC_PORT"))
            ? EngineKind.Embedded
            : EngineKind.Dapr;
}
