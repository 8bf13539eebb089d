using System.Net;
using System.Text.Json;
using DaprRollouts.Core.Analysis.Judging;
using DaprRollouts.Core.Model;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace DaprRollouts.Activities.Metrics;

/// <summary>A Kubernetes Job: its success is the measurement's. Conditions play no part.</summary>
public sealed class JobMetrics(JobCluster cluster, TimeProvider time) : IMetricProvider
{
    private const string JobName = "job-name";
    private const string JobNamespace = "job-namespace";

    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(1);
    private static readonly string[] StuckReasons = ["ErrImagePull", "ImagePullBackOff", "InvalidImageName"];

    public string Name => "job";

    public async Task<Measurement> MeasureAsync(MetricRequest request, CancellationToken cancel)
    {
        try
        {
            return request.Action switch
            {
                MeasurementAction.Run => await StartAsync(request, cancel),
                MeasurementAction.Resume => await ResumeAsync(request, cancel),
                _ => await TerminateAsync(request, cancel),
            };
        }
        catch (HttpOperationException e)
        {
            throw new MetricException($"job: the API server answered {(int)e.Response.StatusCode}: {Detail(e.Response.Content)}");
        }
    }

    private async Task<Measurement> StartAsync(MetricRequest request, CancellationToken cancel)
    {
        var job = request.Metric.Provider!.Job!;
        if (job.Spec is null)
        {
            throw new MetricException("job: spec is missing");
        }

        var ns = cluster.NamespaceFor(request.Run);
        var name = await CreateAsync(request, job, ns, cancel);
        await CollectAsync(request, ns, cancel);
        return new Measurement
        {
            Phase = AnalysisPhase.Running,
            StartedAt = request.Now,
            ResumeAt = request.Now + FirstLook,
            Metadata = new Dictionary<string, string> { [JobName] = name, [JobNamespace] = ns },
        };
    }

    private async Task<string> CreateAsync(MetricRequest request, JobMetric job, string ns, CancellationToken cancel)
    {
        var metric = request.Metric.Name ?? "";
        foreach (var name in JobManifest.NamesOf(request.Run, metric, (request.Result?.Ended ?? 0) + 1))
        {
            try
            {
                await cluster.Client.CustomObjects.CreateNamespacedCustomObjectAsync(
                    JobManifest.Build(request, job, name, ns, cluster.CanBeOwned(request.Run)), "batch", "v1", ns, "jobs", cancellationToken: cancel);
                return name;
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
            {
                // A former attempt at this very measurement made it, or it is that of another metric, or somebody else's.
                var existing = await cluster.Client.BatchV1.ReadNamespacedJobAsync(name, ns, cancellationToken: cancel);
                if (!IsOf(request.Run, existing))
                {
                    throw new MetricException($"job: {name} exists in namespace {ns} and belongs to something else");
                }

                if (MetricOf(existing) == metric)
                {
                    return name;
                }
            }
        }

        throw new MetricException($"job: there is a Job of another metric under every name for one of {metric}");
    }

    private async Task<Measurement> ResumeAsync(MetricRequest request, CancellationToken cancel)
    {
        var running = request.Running!;
        var (name, ns) = JobOf(request);
        V1Job job;
        try
        {
            job = await cluster.Client.BatchV1.ReadNamespacedJobAsync(name, ns, cancellationToken: cancel);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new MetricException($"job: {name} not found in namespace {ns}");
        }

        foreach (var condition in job.Status?.Conditions ?? [])
        {
            if (condition.Type is "Complete" or "Failed")
            {
                return End(running, condition.Type == "Complete" ? AnalysisPhase.Successful : AnalysisPhase.Failed, null);
            }
        }

        if (await StuckAsync(job, ns, cancel) is { } problem)
        {
            return End(running, AnalysisPhase.Inconclusive, problem);
        }

        var now = time.GetUtcNow();
        var elapsed = Math.Max(0, (now - (running.StartedAt ?? now)).TotalSeconds);
        return running with { ResumeAt = now + TimeSpan.FromSeconds(Math.Max(FirstLook.TotalSeconds, Math.Sqrt(2 * elapsed))) };
    }

    private async Task<Measurement> TerminateAsync(MetricRequest request, CancellationToken cancel)
    {
        var (name, ns) = JobOf(request);
        await DeleteAsync(name, ns, cancel);
        return End(request.Running!, AnalysisPhase.Inconclusive, null);
    }

    private async Task<string?> StuckAsync(V1Job job, string ns, CancellationToken cancel)
    {
        if (job.Spec.Selector?.MatchLabels is not { Count: > 0 } labels)
        {
            return null;
        }

        var selector = string.Join(',', labels.Select(l => $"{l.Key}={l.Value}"));
        var pods = await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, labelSelector: selector, cancellationToken: cancel);
        foreach (var pod in pods.Items)
        {
            var containers = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []);
            if (containers.FirstOrDefault(c => StuckReasons.Contains(c.State?.Waiting?.Reason)) is { } stuck)
            {
                return $"Pod {pod.Metadata.Name}, container {stuck.Name} has terminal error ({stuck.State.Waiting.Reason}): {stuck.State.Waiting.Message}".TrimEnd(' ', ':');
            }
        }

        return null;
    }

    // As many Jobs of a metric are kept as measurements, so that their logs can be looked at.
    private async Task CollectAsync(MetricRequest request, string ns, CancellationToken cancel)
    {
        if ((request.Result?.Measurements?.Count ?? 0) < request.Retention)
        {
            return;
        }

        var jobs = await cluster.Client.BatchV1.ListNamespacedJobAsync(ns, labelSelector: $"{JobManifest.RunUid}={request.Run.Uid}", cancellationToken: cancel);
        var ofMetric = jobs.Items
            .Where(j => MetricOf(j) == request.Metric.Name)
            .OrderBy(j => j.Metadata.CreationTimestamp)
            .ToList();
        foreach (var old in ofMetric.Take(Math.Max(0, ofMetric.Count - request.Retention)))
        {
            await DeleteAsync(old.Metadata.Name, ns, cancel);
        }
    }

    private async Task DeleteAsync(string name, string ns, CancellationToken cancel)
    {
        try
        {
            await cluster.Client.BatchV1.DeleteNamespacedJobAsync(name, ns, propagationPolicy: "Foreground", cancellationToken: cancel);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            // It is what was wanted.
        }
    }

    private static bool IsOf(MetricOwner run, V1Job job) =>
        job.Metadata.OwnerReferences?.FirstOrDefault(o => o.Controller == true) is { } owner
            ? owner.Uid == run.Uid
            : job.Metadata.Labels?.TryGetValue(JobManifest.RunUid, out var uid) == true && uid == run.Uid;

    private static string? MetricOf(V1Job job) =>
        job.Metadata.Annotations?.TryGetValue(JobManifest.MetricName, out var metric) == true ? metric : null;

    // Measurements of former versions of Argo Rollouts do not say the namespace: there was only one.
    private static (string Name, string Namespace) JobOf(MetricRequest request) =>
        request.Running!.Metadata is { } metadata && metadata.TryGetValue(JobName, out var name)
            ? (name, metadata.GetValueOrDefault(JobNamespace, request.Run.Namespace))
            : throw new MetricException("job metadata reference missing: the measurement does not say which Job it belongs to");

    private Measurement End(Measurement running, string phase, string? message) =>
        running with { Phase = phase, Message = message, FinishedAt = time.GetUtcNow(), ResumeAt = null };

    private static string Detail(string? body)
    {
        try
        {
            using var status = JsonDocument.Parse(body ?? "");
            return status.RootElement.GetProperty("message").ToString();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return body ?? "";
        }
    }
}
