using CsCheck;
using DaprRollouts.Kubernetes.Resources;
using DaprRollouts.Kubernetes.Watching;
using k8s.Models;

namespace DaprRollouts.Tests.Kubernetes;

public sealed class ResourceCacheTests
{
    private readonly ResourceCache<ReplicaSet> _cache = new(("app", r => r.Metadata.Labels?["app"]));

    [Fact]
    public void An_older_version_does_not_replace_a_newer_one()
    {
        _cache.Upsert(Some("web", version: 100));

        _cache.Upsert(Some("web", version: 99));

        Assert.Equal("100", _cache.Get("default", "web")!.Metadata.ResourceVersion);
    }

    [Fact]
    public void Versions_are_compared_as_numbers()
    {
        _cache.Upsert(Some("web", version: 9));

        _cache.Upsert(Some("web", version: 10));

        Assert.Equal("10", _cache.Get("default", "web")!.Metadata.ResourceVersion);
    }

    [Fact]
    public void A_late_event_of_the_object_before_does_not_replace_the_one_of_the_same_name()
    {
        _cache.Upsert(Some("web", version: 20, uid: "new"));

        _cache.Upsert(Some("web", version: 15, uid: "old"));
        _cache.Remove(Some("web", version: 16, uid: "old"));

        Assert.Equal("new", _cache.Get("default", "web")!.Metadata.Uid);
    }

    [Fact]
    public void What_was_deleted_does_not_come_back()
    {
        _cache.Upsert(Some("web", version: 1));
        _cache.Remove(Some("web", version: 3));

        _cache.Upsert(Some("web", version: 2));

        Assert.Null(_cache.Get("default", "web"));
    }

    [Fact]
    public void An_object_made_anew_is_told_as_one_that_went_and_one_that_came()
    {
        List<string> told = [];
        _cache.Upsert(Some("web", version: 1, uid: "old"));
        _cache.Changed += change => told.Add($"{change.Old?.Metadata.Uid} > {change.New?.Metadata.Uid}");

        _cache.Upsert(Some("web", version: 2, uid: "new"));

        Assert.Equal(["old > ", " > new"], told);
    }

    [Fact]
    public void An_index_follows_the_objects()
    {
        _cache.Upsert(Some("a", version: 1, app: "x"));
        _cache.Upsert(Some("b", version: 2, app: "x"));
        _cache.Upsert(Some("a", version: 3, app: "y"));
        _cache.Remove(Some("b", version: 4, app: "x"));

        Assert.Empty(_cache.ByIndex("app", "x"));
        Assert.Equal("a", Assert.Single(_cache.ByIndex("app", "y")).Metadata.Name);
    }

    [Fact]
    public void A_namespace_is_listed_by_itself()
    {
        _cache.Upsert(Some("a", version: 1));
        _cache.Upsert(Some("b", version: 2, ns: "other"));

        Assert.Equal(["b"], _cache.List("other").Select(r => r.Metadata.Name));
        Assert.Equal(2, _cache.List().Count);
        Assert.Empty(_cache.List("none"));
    }

    [Fact]
    public void Whoever_hears_of_a_change_may_change_the_cache()
    {
        List<string> told = [];
        _cache.Changed += change =>
        {
            told.Add(change.New!.Metadata.Name);
            if (told.Count == 1)
            {
                _cache.Upsert(Some("b", version: 2));
                Assert.Single(told); // told after this one, not within it
            }
        };

        _cache.Upsert(Some("a", version: 1));

        Assert.Equal(["a", "b"], told);
    }

    [Fact]
    public async Task Caches_that_look_into_each_other_do_not_lock_each_other_out()
    {
        var other = new ResourceCache<ReplicaSet>();
        _cache.Changed += _ => other.Get("default", "web");
        other.Changed += _ => _cache.Get("default", "web");

        await Task.WhenAll(Fill(_cache), Fill(other)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        static Task Fill(ResourceCache<ReplicaSet> cache) => Task.Run(() =>
        {
            for (var version = 1; version <= 20_000; version++)
            {
                cache.Upsert(Some("web", version));
            }
        });
    }

    [Fact]
    public void Changes_told_lead_from_nothing_to_what_is_there() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 3], Gen.Int[1, 40], Gen.Bool).Array[0, 60].Sample(steps =>
        {
            var cache = new ResourceCache<ReplicaSet>();
            Dictionary<string, ReplicaSet> followed = [];
            cache.Changed += change =>
            {
                Assert.Same(followed.GetValueOrDefault((change.Old ?? change.New)!.Metadata.Name), change.Old);
                if (change.New is null)
                {
                    followed.Remove(change.Old!.Metadata.Name);
                }
                else
                {
                    followed[change.New.Metadata.Name] = change.New;
                }
            };
            foreach (var (name, uid, version, remove) in steps)
            {
                var value = Some($"n{name}", version, uid: $"n{name}-{uid}");
                if (remove)
                {
                    cache.Remove(value);
                }
                else
                {
                    cache.Upsert(value);
                }
            }

            return cache.List().ToHashSet().SetEquals(followed.Values);
        });

    private static ReplicaSet Some(string name, int version, string uid = "uid", string ns = "default", string app = "app") => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            NamespaceProperty = ns,
            Uid = uid == "uid" ? $"uid-{name}" : uid,
            ResourceVersion = version.ToString(),
            Labels = new Dictionary<string, string> { ["app"] = app },
        },
    };
}
