using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Kubelet;

/// <summary>What the spec of a pod asks of its kubelet, as docs/internals/dev-cluster.md lists it.</summary>
internal sealed partial class PodPlan
{
    private const string ReadyAfter = "kit/ready-after";
    private const string NeverReady = "kit/never-ready";
    private const string CrashAfter = "kit/crash-after";
    private const long DefaultGrace = 30;

    private static readonly TimeSpan ShortestEnd = TimeSpan.FromMilliseconds(200);

    public PodPlan(StoredObject pod, TimeSpan readyDelay)
    {
        var spec = pod.Spec!;
        Containers = [.. spec.Objects("containers")];
        Gates = [.. spec.Objects("readinessGates").Select(g => g.Text("conditionType")!)];
        Ends = pod.Controller?.Kind == "Job" || spec.Text("restartPolicy") is "Never" or "OnFailure";
        IsNeverReady = Note(pod, NeverReady) == "true";
        Trouble = Containers.Select(Obstacle).FirstOrDefault(t => t is not null);
        var unknown = Ends && Containers.Any(c => c.Array("command") is not null) ? CommandOutcome.NotFound : CommandOutcome.RunsForever;
        var outcomes = Containers.Select(c => ShellCommand.Foresee([.. c.Texts("command"), .. c.Texts("args")], unknown)).ToArray();
        ExitCode = outcomes.Select(o => o.ExitCode).FirstOrDefault(c => c != 0);
        Runtime = Ends
            ? outcomes.Any(o => o.Runtime is null) ? null : outcomes.Max(o => o.Runtime)
            : outcomes.Select(o => o.Runtime).Append(Annotated(pod, CrashAfter)).Where(r => r is not null).Min();
        var probes = Containers.Max(c => c.Number("readinessProbe", "initialDelaySeconds") ?? 0);
        ReadyDelay = (Annotated(pod, ReadyAfter) ?? (probes > 0 ? TimeSpan.FromSeconds(probes) : readyDelay)) + Hook("postStart");
        var grace = TimeSpan.FromSeconds(spec.Number("terminationGracePeriodSeconds") ?? DefaultGrace);
        var stopping = Hook("preStop") < grace ? Hook("preStop") : grace;
        EndDelay = stopping > ShortestEnd ? stopping : ShortestEnd;
    }

    public IReadOnlyList<JsonObject> Containers { get; }

    public IReadOnlyList<string> Gates { get; }

    /// <summary>Whether the pod succeeds or fails when its command ends; any other crashes.</summary>
    public bool Ends { get; }

    public bool IsNeverReady { get; }

    /// <summary>Why a container never starts, as its waiting state; null if all start.</summary>
    public JsonObject? Trouble { get; }

    /// <summary>How long the pod runs; null for ever.</summary>
    public TimeSpan? Runtime { get; }

    public int ExitCode { get; }

    public TimeSpan ReadyDelay { get; }

    /// <summary>From its deletion to its end.</summary>
    public TimeSpan EndDelay { get; }

    private JsonObject? Obstacle(JsonObject container)
    {
        var image = container.Text("image") ?? "";
        var name = image[(image.LastIndexOf('/') + 1)..];
        var colon = name.IndexOf(':');
        var tag = colon < 0 ? "" : name[(colon + 1)..];
        if (Bad().IsMatch(tag) || (colon < 0 ? name : name[..colon]).Contains("nonexistent"))
        {
            return new JsonObject { ["reason"] = "ImagePullBackOff", ["message"] = $"Back-off pulling image \"{image}\"" };
        }
        var program = container.Texts("command").FirstOrDefault() ?? "";
        return !Ends && Bad().IsMatch(program)
            ? new JsonObject { ["reason"] = "RunContainerError", ["message"] = $"exec: \"{program}\": no such file or directory" }
            : null;
    }

    /// <summary>How long a lifecycle hook takes.</summary>
    private TimeSpan Hook(string name) => Containers.Max(c =>
        c.Array("lifecycle", name, "exec", "command") is { } command
            ? ShellCommand.Foresee([.. command.Select(w => w.AsText() ?? "")], CommandOutcome.Instant).Runtime ?? TimeSpan.MaxValue / 2
            : TimeSpan.Zero);

    private static string? Note(StoredObject pod, string name) => pod.Content.Text("metadata", "annotations", name);

    private static TimeSpan? Annotated(StoredObject pod, string name) =>
        Note(pod, name) is { } text && Duration.Parse(text) is { } duration && duration != Timeout.InfiniteTimeSpan ? duration : null;

    [GeneratedRegex("bad|invalid|broken|error")]
    private static partial Regex Bad();
}
