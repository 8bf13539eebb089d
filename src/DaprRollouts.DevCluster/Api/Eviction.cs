using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Json;
using DaprRollouts.DevCluster.Resources;
using DaprRollouts.DevCluster.Storage;

namespace DaprRollouts.DevCluster.Api;

/// <summary>Deletes a pod, if the disruption budget that covers it allows.</summary>
internal sealed class Eviction(Registry registry)
{
    private readonly ResourceType _budgets = registry.Catalog.Get("policy", "v1", "poddisruptionbudgets");

    public void Evict(ObjectKey key, DeleteOptions delete, WriteOptions options)
    {
        var pods = registry.Catalog.Pods;
        var pod = registry.Get(pods, key);
        var isHealthy = pod.Status.Text("phase") is not ("Pending" or "Succeeded" or "Failed") && !pod.IsDeleting;
        foreach (var budget in isHealthy ? BudgetsOf(pod) : [])
        {
            Spend(budget, pod, options);
        }
        registry.Delete(pods, key, delete, options);
    }

    private IEnumerable<StoredObject> BudgetsOf(StoredObject pod) => registry.View(_budgets).In(pod.Key.Namespace)
        .Where(b => b.Spec.Object("selector") is { } selector && LabelSelector.From(selector).Matches(pod.Labels));

    private void Spend(StoredObject budget, StoredObject pod, WriteOptions options) => registry.Update(
        _budgets, budget.Key,
        content =>
        {
            var status = content.Ensure("status");
            var allowed = status.Number("disruptionsAllowed") ?? 0;
            if (allowed <= 0)
            {
                throw TooMany(budget.Key.Name);
            }
            status["disruptionsAllowed"] = allowed - 1;
            status.Ensure("disruptedPods")[pod.Key.Name] = registry.Time.GetUtcNow().Timestamp();
            return content;
        },
        options with { Subresource = "status" });

    private static ApiFailure TooMany(string budget) => new(
        429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.",
        new JsonObject
        {
            ["causes"] = new JsonArray(new JsonObject
            {
                ["reason"] = "DisruptionBudget", ["message"] = $"The disruption budget {budget} needs more healthy pods than there are",
            }),
        });
}
