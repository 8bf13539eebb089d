using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Activities;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Routing;
using DaprRollouts.Core.Signals;
using DaprRollouts.Core.Validation;
using DaprRollouts.Kubernetes;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using DaprRollouts.Kubernetes.Writing;
using k8s;
using k8s.Autorest;
using Microsoft.Extensions.Logging.Abstractions;

namespace DaprRollouts.Cli.Cluster;

/// <summary>The cluster and the namespace that a command is about.</summary>
internal sealed class Target(ClusterConnection connection, string ns, TimeProvider time)
{
    private readonly ClusterWriter _writer = new(connection.Client);

    public k8s.Kubernetes Client => connection.Client;

    public ClusterWriter Writer => _writer;

    public string Namespace => ns;

    /// <summary>Who gives the commands, as the kubeconfig calls them.</summary>
    public string By => connection.User ?? Environment.UserName;

    /// <summary>Another namespace of the same cluster.</summary>
    public Target In(string other) => new(connection, other, time);

    /// <summary>There is no rollout of a name.</summary>
    public CommandException NotFound(string name) => new($"rollout '{name}' not found in namespace '{ns}': see 'dapr-rollouts list rollouts -A'");

    /// <summary>A rollout and all that belongs to it.</summary>
    public async Task<RolloutPicture> ReadAsync(string name, CancellationToken cancel) => Picture(await LoadAsync(name, cancel), name);

    /// <summary>Makes the changes that a signal stands for, the same that the executor makes of one sent to it; the rollout as it is then.</summary>
    public async Task<Observation> SignalAsync(string name, Signal signal, CancellationToken cancel)
    {
        var (cluster, observer) = await LoadAsync(name, cancel);
        var result = await new SignalWriter(observer, cluster, _writer, time).ApplyAsync(ns, name, signal with { By = $"{By} via cli" }, cancel);
        return result.Outcome == SignalOutcome.Applied && observer.FromCache(ns, name) is { } seen
            ? seen
            : throw new CommandException($"{signal.Action} of rollout '{name}': {result.Message}");
    }

    /// <summary>Makes changes for which there is no signal, and records who made them and why.</summary>
    public async Task ChangeAsync(string name, string action, string? reason, JsonObject? status, JsonObject? spec, CancellationToken cancel)
    {
        if (status is not null)
        {
            await _writer.PatchAsync(Kinds.Rollouts, null, ns, name, new JsonObject { ["status"] = status }, status: true, cancel);
        }

        var record = new SignalRecord(action, $"{By} via cli", reason, null, time.GetUtcNow());
        var annotations = new JsonObject { [OwnNames.Signal] = JsonSerializer.Serialize(record, ModelJson.Options) };
        var main = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } };
        if (spec is not null)
        {
            main["spec"] = spec;
        }

        await _writer.PatchAsync(Kinds.Rollouts, null, ns, name, main, cancel: cancel);
    }

    /// <summary>An object as the API server has it, fields that this program does not know included.</summary>
    public async Task<JsonObject> ReadJsonAsync<T>(ResourceKind<T> kind, string name, CancellationToken cancel)
        where T : IKubernetesObject<k8s.Models.V1ObjectMeta>
    {
        try
        {
            return JsonObject.Create(await Client.CustomObjects.GetNamespacedCustomObjectAsync<JsonElement>(kind.Group, kind.Version, ns, kind.Plural, name, cancel))!;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound && kind.Kind == Kinds.Rollouts.Kind)
        {
            throw NotFound(name);
        }
    }

    /// <summary>The generation of the workload that lends a rollout its template; null where there is none.</summary>
    public async Task<long?> WorkloadGenerationAsync(RolloutView rollout, CancellationToken cancel) =>
        rollout.Spec.WorkloadRef is { Name: { } name } reference && WorkloadKind.Of(reference) is { } kind
            ? (await _writer.GetAsync(Kinds.Workloads[kind], null, ns, name, cancel))?.Metadata.Generation
            : null;

    private RolloutPicture Picture(Loaded loaded, string name)
    {
        var cluster = loaded.Cluster;
        var rollout = cluster.Rollouts.Get(ns, name)!;
        var seen = loaded.Observer.FromCache(ns, name)
            ?? throw new CommandException($"rollout '{name}' is being deleted");
        return new RolloutPicture(
            rollout,
            seen,
            [.. cluster.ReplicaSets.ByIndex(ClusterCache.ByOwner, rollout.Metadata.Uid)],
            [],
            [.. cluster.AnalysisRuns.ByIndex(ClusterCache.ByOwner, rollout.Metadata.Uid)]);
    }

    /// <summary>A rollout with its pods.</summary>
    public async Task<RolloutPicture> ReadWithPodsAsync(string name, CancellationToken cancel)
    {
        var listing = _writer.ListAsync(Kinds.Pods, null, ns, ArgoNames.PodTemplateHash, cancel);
        var picture = await ReadAsync(name, cancel);
        var owners = picture.ReplicaSets.Select(r => r.Metadata.Uid).ToHashSet();
        var pods = await listing;
        return picture with { Pods = [.. pods.Where(p => p.Metadata.OwnerReferences?.Any(o => owners.Contains(o.Uid)) == true)] };
    }

    /// <summary>All analysis templates that there are here.</summary>
    public async Task<ClusterCache> ReadTemplatesAsync(CancellationToken cancel)
    {
        var cluster = NewCache();
        await Task.WhenAll(TemplateReads(cluster, cancel));
        return cluster;
    }

    private ClusterCache NewCache() => new(Client, new ClusterCacheOptions(ns), NullLogger<ClusterCache>.Instance);

    private List<Task> TemplateReads(ClusterCache cluster, CancellationToken cancel) =>
    [
        _writer.ListAsync(Kinds.AnalysisTemplates, cluster.AnalysisTemplates, ns, null, cancel),
        _writer.ListAsync(Kinds.ClusterAnalysisTemplates, cluster.ClusterAnalysisTemplates, "", null, cancel),
    ];

    private RolloutObserver Observer(ClusterCache cluster, RouteCaches routes) =>
        new(cluster, routes, _writer, new AnalysisComposer(cluster), new PodReader(cluster, _writer, time), time);

    private async Task<Loaded> LoadAsync(string name, CancellationToken cancel)
    {
        var cluster = NewCache();
        if (await _writer.GetAsync(Kinds.Rollouts, cluster.Rollouts, ns, name, cancel) is not { } rollout)
        {
            throw NotFound(name);
        }

        var spec = rollout.Spec ?? new RolloutSpec();
        List<Task> reads =
        [
            _writer.ListAsync(Kinds.ReplicaSets, cluster.ReplicaSets, ns, ArgoNames.PodTemplateHash, cancel),
            _writer.ListAsync(Kinds.AnalysisRuns, cluster.AnalysisRuns, ns, null, cancel),
            .. TemplateReads(cluster, cancel),
            .. ReferenceValidation.Services(spec).Where(s => !string.IsNullOrEmpty(s.Name)).Select(s => _writer.GetServiceAsync(cluster.Services, ns, s.Name!, cancel)),
        ];
        if (spec.WorkloadRef is { Name: { } workload } reference && WorkloadKind.Of(reference) is { } kind)
        {
            reads.Add(_writer.GetAsync(Kinds.Workloads[kind], cluster.Workloads.Of(kind), ns, workload, cancel));
        }

        var routes = new RouteCaches(Client, new ClusterCacheOptions(ns), time, NullLogger<RouteCaches>.Instance);
        reads.Add(routes.EnsureAsync(TrafficRouters.Reads(Views.Of(rollout)), cancel));
        await Task.WhenAll(reads);
        return new Loaded(cluster, Observer(cluster, routes));
    }

    private sealed record Loaded(ClusterCache Cluster, RolloutObserver Observer);
}
