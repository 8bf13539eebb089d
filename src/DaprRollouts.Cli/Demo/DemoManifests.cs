using System.Text.Json.Nodes;
using DaprRollouts.Cli.Cluster;

namespace DaprRollouts.Cli.Demo;

/// <summary>What the demo applies: manifests as a user of Argo Rollouts would write them.</summary>
internal static class DemoManifests
{
    public const string Namespace = "demo";
    public const string Rollout = "shop";
    public const string FirstImage = "example/shop:1.0";
    public const string GoodImage = "example/shop:1.1";
    public const string BadImage = "example/shop:1.2";

    /// <summary>The stable and the canary Service.</summary>
    public static IReadOnlyList<JsonObject> Services { get; } = ManifestFile.Parse(new StringReader("""
        apiVersion: v1
        kind: Service
        metadata: {name: shop-stable}
        spec:
          selector: {app: shop}
          ports: [{port: 80}]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: shop-canary}
        spec:
          selector: {app: shop}
          ports: [{port: 80}]
        """));

    /// <summary>The analysis, which asks an address for the error rate.</summary>
    public static JsonObject Analysis(string address) => ManifestFile.Parse(new StringReader($$$"""
        apiVersion: argoproj.io/v1alpha1
        kind: AnalysisTemplate
        metadata: {name: error-rate}
        spec:
          args:
          - name: image
          metrics:
          - name: error-rate
            interval: 1s
            count: 5
            failureLimit: 1
            successCondition: result < 5
            provider:
              web:
                url: "{{{address}}}?image={{args.image}}"
                jsonPath: "{$.errorRate}"
        """))[0];

    /// <summary>The rollout.</summary>
    public static JsonObject Shop { get; } = ManifestFile.Parse(new StringReader($$"""
        apiVersion: argoproj.io/v1alpha1
        kind: Rollout
        metadata: {name: {{Rollout}}}
        spec:
          replicas: 3
          selector:
            matchLabels: {app: shop}
          template:
            metadata:
              labels: {app: shop}
            spec:
              containers:
              - name: shop
                image: {{FirstImage}}
          strategy:
            canary:
              stableService: shop-stable
              canaryService: shop-canary
              steps:
              - setWeight: 20
              - pause: {duration: 3s}
              - analysis:
                  templates:
                  - templateName: error-rate
                  args:
                  - name: image
                    valueFrom:
                      fieldRef: {fieldPath: "spec.template.spec.containers[0].image"}
              - setWeight: 60
              - pause: {}
        """))[0];
}
