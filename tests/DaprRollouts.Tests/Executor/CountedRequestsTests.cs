using DaprRollouts.Executor.Telemetry;

namespace DaprRollouts.Tests.Executor;

/// <summary>What a request to the API server is counted as.</summary>
public sealed class CountedRequestsTests
{
    [Theory]
    [InlineData("PATCH", "apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/app/status", "rollouts shop app Patch")]
    [InlineData("GET", "apis/argoproj.io/v1alpha1/namespaces/shop/rollouts", "rollouts shop N/A List")]
    [InlineData("GET", "apis/argoproj.io/v1alpha1/rollouts?watch=true&resourceVersion=7", "rollouts N/A N/A Watch")]
    [InlineData("POST", "api/v1/namespaces/shop/events", "events shop N/A Create")]
    [InlineData("PATCH", "api/v1/namespaces/shop/events/app.17f", "events shop N/A Patch")]
    [InlineData("PATCH", "api/v1/namespaces/shop/services/stable", "services shop stable Patch")]
    [InlineData("PUT", "apis/coordination.k8s.io/v1/namespaces/dapr-rollouts/leases/dapr-rollouts-executor", "leases dapr-rollouts dapr-rollouts-executor Update")]
    [InlineData("DELETE", "apis/apps/v1/namespaces/shop/replicasets/app-5f", "replicasets shop N/A Delete")]
    [InlineData("GET", "api/v1/namespaces/shop", "namespaces N/A N/A Get")]
    [InlineData("GET", "version", "Unknown N/A N/A List")]
    public void It_is_told_by_method_and_address(string method, string path, string expected)
    {
        foreach (var server in (string[])["https://10.0.0.1:6443/", "https://proxy.example/clusters/one/"])
        {
            var subject = CountedRequests.SubjectOf(new HttpMethod(method), new Uri(server + path));

            Assert.Equal(expected, $"{subject.Kind} {subject.Namespace} {subject.Name} {subject.Verb}");
        }
    }
}
