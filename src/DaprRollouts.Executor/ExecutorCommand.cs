using System.CommandLine;

namespace DaprRollouts.Executor;

/// <summary>The executor's command line. Each option can be given in the environment, too: --instance-id as DAPR_ROLLOUTS_INSTANCE_ID.</summary>
public static class ExecutorCommand
{
    /// <summary>The exit code after a graceful stop.</summary>
    public const int Ended = 0;

    /// <summary>The exit code of misuse, and when something that it needs is missing: a kubeconfig, the cluster, the custom resources, the engine's data, a free port.</summary>
    public const int CannotStart = 2;

    private const string Embedded = "embedded";
    private const string Dapr = "dapr";

    private static readonly string[] Options = ["--kubeconfig", "--namespace", "--engine", "--data", "--urls", "--instance-id", "--leader-elect", "--deny-metric-hosts", "--metric-ca", "--secret-stores", "--log-level"];

    /// <summary>The arguments, and before them what the environment gives that they do not.</summary>
    public static IReadOnlyList<string> WithEnvironment(IReadOnlyList<string> args)
    {
        List<string> all = [];
        foreach (var option in Options)
        {
            var value = Environment.GetEnvironmentVariable($"DAPR_ROLLOUTS{option[1..].Replace('-', '_').ToUpperInvariant()}");
            if (!string.IsNullOrEmpty(value) && !args.Any(a => a == option || a.StartsWith($"{option}=", StringComparison.Ordinal)))
            {
                all.Add($"{option}={value}");
            }
        }

        return [.. all, .. args];
    }

    /// <summary>The command; it calls back with the options given.</summary>
    public static RootCommand Create(Func<ExecutorOptions, CancellationToken, Task<int>> run)
    {
        var kubeconfig = new Option<string?>("--kubeconfig")
        {
            Description = "Path of a kubeconfig. Default: KUBECONFIG, ~/.kube/config, the pod's service account.", HelpName = "file",
        };
        var ns = new Option<string?>("--namespace") { Description = "Only Rollouts of this namespace. Default: all.", HelpName = "name" };
        var engine = new Option<string?>("--engine")
        {
            Description = "embedded or dapr. Default: dapr where a sidecar is announced (DAPR_GRPC_ENDPOINT, DAPR_GRPC_PORT), else embedded.", HelpName = "engine",
        };
        engine.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, Dapr, Embedded);
        var data = new Option<string>("--data") { Description = "Directory of the embedded engine's data.", HelpName = "directory", DefaultValueFactory = _ => "data" };
        var urls = new Option<string>("--urls")
        {
            Description = "Where to serve HTTP: addresses separated by semicolons.", HelpName = "urls", DefaultValueFactory = _ => "http://127.0.0.1:8090",
        };
        var instance = new Option<string?>("--instance-id") { Description = "Only Rollouts with this instance id. Default: those without one.", HelpName = "id" };
        var elect = new Option<bool>("--leader-elect") { Description = "Elect one of several replicas to trigger workflows." };
        var deny = new Option<string?>("--deny-metric-hosts")
        {
            Description = "Hosts that metrics may not ask, separated by commas: names, *.names, addresses, ranges. Link-local addresses are always denied.", HelpName = "hosts",
        };
        var ca = new Option<string?>("--metric-ca") { Description = "PEM file of authorities to trust when metric servers present certificates.", HelpName = "file" };
        var stores = new Option<string?>("--secret-stores")
        {
            Description = "Dapr secret stores that analyses may read, separated by commas. Default: none.", HelpName = "names",
        };
        var log = new Option<LogLevel>("--log-level")
        {
            Description = "Trace, Debug, Information, Warning, Error or None.", HelpName = "level", DefaultValueFactory = _ => LogLevel.Information,
        };
        var command = new RootCommand("Runs Rollouts of a Kubernetes cluster as durable workflows. Each option can be given in the environment, too: --log-level as DAPR_ROLLOUTS_LOG_LEVEL.")
        {
            kubeconfig, ns, engine, data, urls, instance, elect, deny, ca, stores, log,
        };
        command.SetAction((parsed, cancel) => run(
            new ExecutorOptions
            {
                Kubeconfig = parsed.GetValue(kubeconfig),
                Namespace = parsed.GetValue(ns),
                Engine = EngineOf(parsed.GetValue(engine)),
                Data = parsed.GetRequiredValue(data),
                Urls = parsed.GetRequiredValue(urls),
                InstanceId = parsed.GetValue(instance),
                LeaderElect = parsed.GetValue(elect),
                DenyMetricHosts = Items(parsed.GetValue(deny)),
                MetricCa = parsed.GetValue(ca),
                SecretStores = Items(parsed.GetValue(stores)),
                LogLevel = parsed.GetValue(log),
            },
            cancel));
        return command;
    }

    private static string[] Items(string? list) => (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static EngineKind EngineOf(string? given) => given?.ToLowerInvariant() switch
    {
        Dapr => EngineKind.Dapr,
        Embedded => EngineKind.Embedded,
        _ => IsSidecarAnnounced() ? EngineKind.Dapr : EngineKind.Embedded,
    };

    /// <summary>Whether the environment announces a Dapr sidecar.</summary>
    public static bool IsSidecarAnnounced() =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DAPR_GRPC_ENDPOINT"))
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DAPR_GRPC_PORT"));
}
