using System.Text.Json;
using DaprRollouts.Kubernetes.Resources;
using k8s;
using k8s.Models;

namespace DaprRollouts.Tests.Kubernetes;

/// <summary>Pods, of which only a part is read.</summary>
public sealed class PodJsonTests
{
    public static TheoryData<string> Statuses =>
    [
        """{"phase": "Running", "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T12:00:07Z"}], "containerStatuses": [{"name": "web", "ready": true, "restartCount": 3, "image": "a", "imageID": "b", "state": {"running": {"startedAt": "2026-01-01T12:00:00Z"}}}]}""",
        """{"phase": "Pending", "containerStatuses": [{"name": "web", "ready": false, "restartCount": 0, "image": "a", "imageID": "", "state": {"waiting": {"reason": "ImagePullBackOff", "message": "no"}}}]}""",
        """{"phase": "Pending", "initContainerStatuses": [{"name": "init", "ready": false, "restartCount": 0, "image": "a", "imageID": "", "state": {"terminated": {"exitCode": 2, "reason": "Error"}}}]}""",
        """{"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."}""",
        """{"phase": "Running", "containerStatuses": [{"name": "web", "ready": false, "restartCount": 0, "image": "a", "imageID": "", "state": {"terminated": {"exitCode": 0, "signal": 9}}}]}""",
        """{"phase": "Succeeded", "containerStatuses": [{"name": "web", "ready": false, "restartCount": 0, "image": "a", "imageID": "", "state": {"terminated": {"exitCode": 0, "reason": "Completed"}}}]}""",
        "{}",
    ];

    [Theory]
    [MemberData(nameof(Statuses))]
    public void It_looks_the_same_as_if_all_were_read(string status)
    {
        var json = $$$"""
            {"apiVersion": "v1", "kind": "Pod",
             "metadata": {"name": "web-1", "namespace": "shop", "uid": "u-1", "resourceVersion": "7", "creationTimestamp": "2026-01-01T12:00:00Z", "labels": {"app": "web"},
                          "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "u-2", "controller": true}]},
             "spec": {"nodeName": "n1", "containers": [{"name": "web", "image": "a", "resources": {"limits": {"cpu": "1"} } }], "initContainers": [{"name": "init", "image": "b"}]},
             "status": {{{status}}} }
            """;
        var whole = KubernetesJson.Deserialize<V1Pod>(json);

        var read = Kinds.Pods.ReadWhole(JsonSerializer.Deserialize<JsonElement>(json));

        Assert.Equal(JsonSerializer.Serialize(whole.Overview()), JsonSerializer.Serialize(read.Overview()));
        Assert.Equal(JsonSerializer.Serialize(whole.Metadata), JsonSerializer.Serialize(read.Metadata));
        Assert.Equal(whole.Status?.Conditions?.FirstOrDefault()?.LastTransitionTime, read.Status?.Conditions?.FirstOrDefault()?.LastTransitionTime);
    }
}
