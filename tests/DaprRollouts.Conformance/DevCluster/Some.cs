namespace DaprRollouts.Conformance.DevCluster;

/// <summary>Manifests and paths that several tests need.</summary>
internal static class Some
{
    public const string Sets = "/apis/apps/v1/namespaces/default/replicasets";
    public const string Pods = "/api/v1/namespaces/default/pods";
    public const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    public const string Jobs = "/apis/batch/v1/namespaces/default/jobs";
    public const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    public static string ReplicaSet(int replicas, string annotations = "", int minReadySeconds = 0) => $$$"""
        metadata: {name: web}
        spec:
          replicas: {{{replicas}}}
          minReadySeconds: {{{minReadySeconds}}}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}, annotations: { {{{annotations}}} } }
            spec: {containers: [{name: web, image: "example/web:1"}]}
        """;

    public static string Deployment(int replicas, string image) => $$$"""
        metadata: {name: web}
        spec:
          replicas: {{{replicas}}}
          strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "{{{image}}}" } ] }
        """;

    public static string Job(string command, string rest = "") => $$$"""
        metadata: {name: work}
        spec:
          {{{rest}}}
          template:
            spec:
              restartPolicy: Never
              containers: [{name: work, image: "example/work:1", command: [sh, -c, "{{{command}}}"] } ]
        """;
}
