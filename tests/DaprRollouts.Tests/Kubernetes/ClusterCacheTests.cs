using DaprRollouts.Core.Model;
using DaprRollouts.Kubernetes.Watching;
using k8s.Models;

namespace DaprRollouts.Tests.Kubernetes;

public class ClusterCacheTests
{
    [Theory]
    [InlineData("app", "abc", "app")]
    [InlineData("app", null, null)] // it may be for a Rollout that is still to come, or for one of another cluster: nobody takes it over
    [InlineData(null, "abc", null)]
    public void A_service_is_a_rollouts_if_it_is_marked_and_selects_a_revision(string? mark, string? hash, string? rollout)
    {
        var service = new V1Service { Metadata = new V1ObjectMeta(), Spec = new V1ServiceSpec { Selector = new Dictionary<string, string> { ["app"] = "app" } } };
        if (mark is not null)
        {
            service.Metadata.Annotations = new Dictionary<string, string> { [ArgoNames.ManagedByRollouts] = mark };
        }

        if (hash is not null)
        {
            service.Spec.Selector[ArgoNames.PodTemplateHash] = hash;
        }

        Assert.Equal(rollout, ClusterCache.RolloutOf(service));
    }
}
