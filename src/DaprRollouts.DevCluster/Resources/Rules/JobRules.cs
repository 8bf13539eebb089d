using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Resources.Rules;

/// <summary>Defaults and checks of Jobs and CronJobs.</summary>
internal static class JobRules
{
    public static KindRules Job { get; } = new()
    {
        Default = job =>
        {
            DefaultSpec(job.Ensure("spec"));
            job.Ensure("status");
        },
        Create = Created,
        Validate = (job, old) => Validate(job, old),
    };

    public static KindRules CronJob { get; } = new()
    {
        Default = job =>
        {
            var spec = job.Ensure("spec");
            spec.Default("concurrencyPolicy", "Allow");
            spec.Default("suspend", false);
            spec.Default("successfulJobsHistoryLimit", 3);
            spec.Default("failedJobsHistoryLimit", 1);
            if (spec.Object("jobTemplate") is { } template)
            {
                template.Ensure("metadata").TryAdd("creationTimestamp", null);
                PodRules.DefaultTemplate(template.Object("spec", "template"));
            }
            job.Ensure("status");
        },
    };

    private static void DefaultSpec(JsonObject spec)
    {
        if (spec["completions"] is null && spec["parallelism"] is null)
        {
            spec["completions"] = 1;
        }
        spec.Default("parallelism", 1);
        spec.Default("backoffLimit", 6);
        PodRules.DefaultTemplate(spec.Object("template"));
    }

    private static void Created(JsonObject job)
    {
        job["status"] = new JsonObject();
        var spec = job.Ensure("spec");
        if (spec.Flag("manualSelector") == true)
        {
            return;
        }
        var uid = job.Text("metadata", "uid")!;
        var labels = spec.Ensure("template", "metadata", "labels");
        labels["controller-uid"] = uid;
        labels["job-name"] = job.Text("metadata", "name")!;
        spec.Ensure("selector", "matchLabels")["controller-uid"] = uid;
        var own = job.Ensure("metadata", "labels");
        foreach (var (key, value) in labels.Where(l => own.Count == 0 || own.ContainsKey(l.Key)).ToArray())
        {
            own[key] = value?.DeepClone();
        }
    }

    private static IEnumerable<FieldError> Validate(JsonObject job, JsonObject? old)
    {
        var policy = job.Text("spec", "template", "spec", "restartPolicy");
        if (policy is not ("OnFailure" or "Never"))
        {
            yield return FieldError.Required("spec.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        }
        foreach (var error in PodRules.ValidateSpec(job.At("spec", "template", "spec"), "spec.template.spec"))
        {
            yield return error;
        }
        foreach (var field in old is null ? [] : (string[])["completions", "selector", "template"])
        {
            if (!JsonNode.DeepEquals(job.At("spec", field), old.At("spec", field)))
            {
                yield return FieldError.Invalid($"spec.{field}", JsonTree.Text(job.At("spec", field)), "field is immutable");
            }
        }
    }
}
