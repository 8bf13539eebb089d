using System.Net;
using k8s;
using k8s.Autorest;

namespace DaprRollouts.Activities.Metrics;

/// <summary>Jobs that no run could own, as they are elsewhere: nobody else takes them away when their run is gone.</summary>
public sealed class StrayJobs(JobCluster cluster)
{
    /// <summary>Deletes those of a run that is gone.</summary>
    public async Task DeleteAsync(MetricOwner run, CancellationToken cancel)
    {
        if (cluster.CanBeOwned(run))
        {
            return;
        }

        var ns = cluster.NamespaceFor(run);
        var jobs = await cluster.Client.BatchV1.ListNamespacedJobAsync(ns, labelSelector: $"{JobManifest.RunUid}={run.Uid}", cancellationToken: cancel);
        foreach (var job in jobs.Items)
        {
            try
            {
                await cluster.Client.BatchV1.DeleteNamespacedJobAsync(job.Metadata.Name, ns, propagationPolicy: "Background", cancellationToken: cancel);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
            {
                // It is what was wanted.
            }
        }
    }
}
