using System.Text.Json;
using System.Text.Json.Nodes;
using DaprRollouts.Core.Model;
using DaprRollouts.Core.Planning;
using DaprRollouts.Core.Planning.Rules;
using DaprRollouts.Core.Revisions;
using DaprRollouts.Core.Routing;
using DaprRollouts.Core.Signals;

namespace DaprRollouts.Tests.Core.Planning;

/// <summary>A cluster with one Rollout, in memory: it carries out what the planner decides, and tests play users and pods.</summary>
internal sealed class World
{
    private readonly Dictionary<string, ReplicaSetView> _replicaSets = [];
    private readonly Dictionary<string, int> _lastSizes = [];
    private readonly Dictionary<string, ServiceView> _services = [];
    private readonly Dictionary<string, AnalysisRunView> _runs = [];
    private readonly Dictionary<RouteObject, JsonObject> _routes = [];

    public World(RolloutSpec spec, params IReadOnlyList<string> services)
    {
        Rollout = new RolloutView
        {
            Namespace = "default", Name = "app", Uid = "12345678-0000", Created = Now, Generation = 1, Spec = spec with { Template = Template("1"), Selector = Labels }, Status = new RolloutStatus(),
        };
        foreach (var name in services)
        {
            _services[name] = new ServiceView { Name = name, Selector = new Dictionary<string, string> { ["app"] = "app" } };
        }
    }

    public static LabelSelector Labels { get; } = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "app" } };

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public RolloutView Rollout { get; private set; }

    public RolloutStatus Status => Rollout.Status;

    public List<Notice> Notices { get; } = [];

    /// <summary>Whether statuses that follow from each other are one write, as in a cluster.</summary>
    public bool Ahead { get; set; }

    public List<Effect> Effects { get; } = [];

    /// <summary>Called before every publication, with the status before and after.</summary>
    public Action<RolloutStatus, RolloutStatus>? Published { get; set; }

    /// <summary>Called before every effect.</summary>
    public Action<World, Effect>? Before { get; set; }

    /// <summary>Called after every effect, to check what must always hold.</summary>
    public Action<World, Effect>? Check { get; set; }

    public IReadOnlyCollection<ReplicaSetView> ReplicaSets => _replicaSets.Values;

    public IReadOnlyCollection<AnalysisRunView> Runs => _runs.Values;

    /// <summary>The pods; they are only told of while a restart is under way.</summary>
    public PlayedPods Pods { get; } = new();

    /// <summary>Whether whoever watches has seen the abort come before the template.</summary>
    public bool AbortIsOlder { get; set; }

    /// <summary>The workload that lends its template, if one does.</summary>
    public WorkloadView? Workload { get; set; }

    public ReplicaSetView Revision(long number) => _replicaSets.Values.Single(r => r.Revision == number);

    /// <summary>A ReplicaSet's size before it was last scaled.</summary>
    public int LastSize(string name) => _lastSizes.GetValueOrDefault(name);

    public ServiceView Service(string name) => _services[name];

    /// <summary>The objects by which traffic is routed.</summary>
    public IReadOnlyDictionary<RouteObject, JsonObject> Routes => _routes;

    public Observation Seen => new()
    {
        Rollout = Rollout,
        AbortIsOlder = AbortIsOlder,
        ReplicaSets = [.. _replicaSets.Values],
        Services = _services,
        Routes = new RouteObjects(_routes, []),
        AnalysisRuns = [.. _runs.Values],
        Pods = Pods.Follow(_replicaSets.Values, Now),
        Workload = Workload,
    };

    /// <summary>Carries out decisions until there is something to wait for.</summary>
    public Wait Settle() =>
        Step(200) ?? throw new InvalidOperationException($"does not settle: {Planner.Decide(Seen, Now).Move}");

    /// <summary>Carries out so many decisions, or fewer if there is something to wait for, which is then told.</summary>
    public Wait? Step(int decisions)
    {
        for (var i = 0; i < decisions; i++)
        {
            var decision = Ahead ? Planner.DecideAhead(Seen, Now) : Planner.Decide(Seen, Now);
            Assert.False(decision.Problem?.Reason == Reason.UnsafeChange, decision.Problem?.Message); // rules are right by themselves
            switch (decision.Move)
            {
                case Wait wait:
                    return wait;
                case Perform { Effect: PublishStatus }:
                    Publish(decision);
                    break;
                case Perform perform:
                    Before?.Invoke(this, perform.Effect);
                    CarryOut(perform.Effect);
                    Effects.Add(perform.Effect);
                    Check?.Invoke(this, perform.Effect);
                    break;
            }
        }

        return null;
    }

    /// <summary>Lets pods become available and the rollout go on, until neither has anything to do.</summary>
    public Wait Run()
    {
        for (var i = 0; i < 200; i++)
        {
            var wait = Settle();
            if (!MakeAvailable(int.MaxValue))
            {
                return wait;
            }
        }

        throw new InvalidOperationException("does not come to rest");
    }

    /// <summary>Makes pods of all revisions available, as many as given; whether any was missing.</summary>
    public bool MakeAvailable(int count)
    {
        var any = false;
        foreach (var rs in _replicaSets.Values.Where(r => r.Available < r.Size && !Broken.Contains(r.Hash)).ToList())
        {
            var more = Math.Min(count, rs.Size - rs.Available);
            count -= more;
            any |= more > 0;
            _replicaSets[rs.Name] = rs with { Available = rs.Available + more, Ready = rs.Available + more };
        }

        return any;
    }

    /// <summary>Pod template hashes whose pods never become available.</summary>
    public HashSet<string> Broken { get; } = [];

    public void Fail(string name, int pods)
    {
        var rs = _replicaSets[name];
        var left = Math.Max(0, rs.Available - pods);
        _replicaSets[name] = rs with { Available = left, Ready = left };
    }

    /// <summary>Puts a ReplicaSet there that another program has made.</summary>
    public void Put(ReplicaSetView rs) => _replicaSets[rs.Name] = rs;

    /// <summary>Puts an AnalysisRun there that another program has made.</summary>
    public void Put(AnalysisRunView run) => _runs[run.Name] = run;

    public void Put(RouteObject which, JsonObject route) => _routes[which] = route;

    /// <summary>Lets a Service select a revision, as if the Rollout managed it.</summary>
    public void Select(string service, string hash) => _services[service] = _services[service] with
    {
        Selector = new Dictionary<string, string>(_services[service].Selector) { [ArgoNames.PodTemplateHash] = hash }, ManagedBy = "app",
    };

    /// <summary>Writes a Service as its manifest has it, as <c>kubectl replace</c> does.</summary>
    public void Replace(string service) => _services[service] = new ServiceView { Name = service, Selector = new Dictionary<string, string> { ["app"] = "app" } };

    /// <summary>How often a status was published.</summary>
    public int Publications { get; private set; }

    /// <summary>Deletes a ReplicaSet with its pods, as a person may.</summary>
    public void Delete(string name) => _replicaSets.Remove(name);

    public void Advance(TimeSpan time) => Now += time;

    public void Update(string version) => Spec(s => s with { Template = Template(version) });

    public void Spec(Func<RolloutSpec, RolloutSpec> change) =>
        Rollout = Rollout with { Spec = change(Rollout.Spec), Generation = Rollout.Generation + 1 };

    public void SetStatus(Func<RolloutStatus, RolloutStatus> change) => Rollout = Rollout with { Status = change(Rollout.Status) };

    /// <summary>What <c>kubectl argo rollouts promote</c> writes.</summary>
    public void Promote() => SetStatus(s => s.PauseConditions is { Count: > 0 }
        ? s with { PauseConditions = null }
        : s with { CurrentStepIndex = Rollout.Spec.Strategy?.Canary?.Steps is { } steps ? Math.Min((s.CurrentStepIndex ?? 0) + 1, steps.Count) : s.CurrentStepIndex });

    /// <summary>Writes what a signal stands for.</summary>
    public void Signal(string action)
    {
        var patches = SignalPatches.For(new Signal { Action = action }, Seen, Now);
        Assert.Null(patches.Refusal);
        SetStatus(s => JsonSerializer.Deserialize<RolloutStatus>(MergePatch.Apply(ModelJson.ToNode(s), (JsonObject)patches.Status!["status"]!), ModelJson.Options)!);
        var record = patches.Main!["metadata"]!["annotations"]![OwnNames.Signal]!.ToString();
        Rollout = Rollout with { Annotations = new Dictionary<string, string>(Rollout.Annotations) { [OwnNames.Signal] = record } };
    }

    public void EndRun(string name, string phase, string? message = null) =>
        _runs[name] = _runs[name] with { Phase = phase, Message = message };

    public void DeleteRun(string name) => _runs.Remove(name);

    public static JsonObject Template(string version) => (JsonObject)JsonNode.Parse(
        $$$"""{"metadata":{"labels":{"app":"app"}},"spec":{"containers":[{"name":"app","image":"example/app:{{{version}}}"}]}}""")!;

    private void Publish(Decision decision)
    {
        Assert.NotNull(StatusDifference.Between(Rollout.Status, decision.Status));
        Publications++;
        Published?.Invoke(Rollout.Status, decision.Status);
        Rollout = Rollout with { Status = decision.Status };
        Notices.AddRange(decision.Notices);
    }

    private void CarryOut(Effect effect)
    {
        switch (effect)
        {
            case CreateReplicaSet create:
                Now += TimeSpan.FromSeconds(1);
                _replicaSets[create.Name] = new ReplicaSetView
                {
                    Name = create.Name, Hash = create.Hash, Created = Now, Template = Rollout.Spec.Template, Size = create.Replicas, Pods = create.Replicas,
                    Annotations = new Dictionary<string, string> { [ArgoNames.Revision] = $"{create.Revision}", [ArgoNames.DesiredReplicas] = $"{Rollout.Spec.Replicas ?? 1}" },
                };
                break;
            case UpdateReplicaSet update:
                if (_replicaSets[update.Name] is var known && known.Revision != update.Revision)
                {
                    var earlier = known.Annotations.GetValueOrDefault(ArgoNames.RevisionHistory);
                    Annotate(update.Name, ArgoNames.RevisionHistory, earlier is null ? $"{known.Revision}" : $"{earlier},{known.Revision}");
                    Annotate(update.Name, ArgoNames.Revision, $"{update.Revision}");
                }

                foreach (var (key, value) in RevisionRules.Copied(Rollout.Annotations))
                {
                    Annotate(update.Name, key, value);
                }

                break;
            case PublishRevision publish:
                Rollout = Rollout with
                {
                    Annotations = new Dictionary<string, string>(Rollout.Annotations) { [ArgoNames.Revision] = $"{publish.Revision}", [OwnNames.WorkflowId] = publish.WorkflowId, [ArgoNames.WorkloadGeneration] = publish.WorkloadGeneration ?? "" },
                    Spec = Rollout.Spec with { Replicas = Rollout.Spec.Replicas ?? 1 },
                };
                break;
            case ScaleReplicaSets scale:
                foreach (var (name, replicas) in scale.Targets)
                {
                    var rs = _replicaSets[name];
                    _lastSizes[name] = rs.Size;
                    var available = Math.Min(rs.Available, replicas);
                    _replicaSets[name] = rs with { Size = replicas, Pods = replicas, Available = available, Ready = available };
                    Annotate(name, ArgoNames.DesiredReplicas, $"{Rollout.Spec.Replicas ?? 1}");
                    if (replicas == 0)
                    {
                        Annotate(name, ArgoNames.ScaleDownDeadline, null);
                    }
                }

                break;
            case SetScaleDownDeadlines deadlines:
                foreach (var (name, at) in deadlines.Deadlines)
                {
                    Annotate(name, ArgoNames.ScaleDownDeadline, at is { } instant ? ModelJson.Time(instant) : null);
                }

                break;
            case SwitchServices switches:
                foreach (var (service, hash) in switches.Switches)
                {
                    Select(service, hash);
                }

                break;
            case SetWeight:
                Route();
                break;
            case StartAnalysis start:
                StartRun(start);
                break;
            case TerminateAnalysis terminate:
                foreach (var name in terminate.Names)
                {
                    _runs[name] = _runs[name] with { Terminating = true, Phase = AnalysisPhase.Successful };
                }

                break;
            case SetPodMetadata metadata:
                foreach (var (name, worn) in metadata.Targets)
                {
                    Annotate(name, ArgoNames.EphemeralMetadata, EphemeralMetadata.Write(worn));
                    Annotate(name, OwnNames.PodMetadata, EphemeralMetadata.Write(worn));
                }

                break;
            case RestartPods restart:
                foreach (var pod in restart.Pods.Select(Pods.Evict))
                {
                    Fail(pod.ReplicaSet, pod.Available ? 1 : 0);
                }

                break;
            case ScaleWorkload scale:
                Workload = Workload! with { Replicas = scale.Replicas, Generation = Workload.Generation + 1 };
                break;
            case CleanUp clean:
                clean.ReplicaSets.ToList().ForEach(r => _replicaSets.Remove(r));
                clean.AnalysisRuns.ToList().ForEach(r => _runs.Remove(r));
                break;
            default:
                throw new InvalidOperationException($"{effect.Kind} is not played here");
        }
    }

    private void Route()
    {
        foreach (var change in TrafficRules.Plan(new Facts(Seen, Now)).Changes)
        {
            Assert.Equal(_routes.GetValueOrDefault(change.Which), change.Before);
            if (change.After is { } after)
            {
                _routes[change.Which] = (JsonObject)after.DeepClone();
            }
            else
            {
                _routes.Remove(change.Which);
            }
        }
    }

    private void StartRun(StartAnalysis start)
    {
        var name = start.Name;
        for (var i = 1; _runs.ContainsKey(name); i++)
        {
            name = $"{start.Name}.{i}";
        }

        Dictionary<string, string> labels = new() { [ArgoNames.PodTemplateHash] = Status.CurrentPodHash!, [ArgoNames.RolloutType] = start.Role };
        if (start.Step is { } step)
        {
            labels[ArgoNames.StepIndex] = $"{step}";
        }

        SetStatus(_ => AnalysisRules.Started(new Facts(Seen, Now), AnalysisRole.Named(start.Role), name));
        _runs[name] = new AnalysisRunView { Name = name, Created = Now, Phase = "Running", Labels = labels };
    }

    private void Annotate(string name, string key, string? value)
    {
        var annotations = new Dictionary<string, string>(_replicaSets[name].Annotations);
        annotations.Remove(key);
        if (value is not null)
        {
            annotations[key] = value;
        }

        _replicaSets[name] = _replicaSets[name] with { Annotations = annotations };
    }
}
