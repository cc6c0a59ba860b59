use super::*;

const HOUR: i64 = 3_600_000;

fn told(id: i64, hours: i64, title: &str, text: &str) -> Told {
    Told {
        id: ArticleId(id),
        at: Timestamp::from_millis(1_736_150_400_000 + hours * HOUR),
        title: title.to_owned(),
        text: text.to_owned(),
    }
}

#[test]
fn reports_of_one_event_are_one_story() {
    let mut index = StoryIndex::default();
    let place = |index: &mut StoryIndex, article: &Told| index.place(article).story.0;
    let halt = told(
        1,
        0,
        "Solana validators restart the network after a five-hour halt",
        "Block production on Solana stopped shortly before ten in the morning and resumed five hours later. Validators \
         restarted with a patched release that fixes a fault in the program cache.",
    );
    let fund = told(
        2,
        1,
        "Spot bitcoin funds record their strongest day in two weeks",
        "Net inflows into spot bitcoin funds reached 255 million dollars on Friday, the strongest day in two weeks.",
    );
    let halt_elsewhere = told(
        3,
        3,
        "Solana back online: validators restarted the network with a patched release",
        "The Solana network resumed block production after a halt of five hours. A fault in the program cache had \
         stopped validators in the morning.",
    );
    assert_eq!(place(&mut index, &halt), 1);
    assert_eq!(place(&mut index, &fund), 2);
    assert_eq!(place(&mut index, &halt_elsewhere), 1);
    // The same words a week later are another event.
    let again = Told {
        id: ArticleId(4),
        at: halt.at.plus_millis(7 * 24 * HOUR),
        ..halt.clone()
    };
    assert_eq!(place(&mut index, &again), 4);
    // An article without words is alone, whatever else has none.
    for id in [5, 6] {
        assert_eq!(place(&mut index, &told(id, 0, "", "!!")), id);
    }
}

const WIRE: &str = "The largest bitcoin fund took in 420 million dollars on Tuesday, its best day since March, as the price \
    rose above 97,000 dollars for the first time in two weeks. Traders pointed to softer inflation data and to a court ruling \
    that lets a rival fund begin trading next month. Ether rose two percent.";

#[test]
fn a_repeated_text_is_named_by_its_first() {
    let mut index = StoryIndex::default();
    let first = index.place(&told(1, 0, "Fund takes in 420 million", WIRE));
    assert_eq!((first.story, first.same_as), (ArticleId(1), ArticleId(1)));
    let copy = index.place(&told(2, 5, "Record day for a fund", &WIRE.to_uppercase()));
    assert_eq!((copy.story, copy.same_as), (ArticleId(1), ArticleId(1)));
    let copy_of_copy = index.place(&told(3, 6, "Fund takes in 420 million", WIRE));
    assert_eq!(copy_of_copy.same_as, ArticleId(1));
    // Days later it still repeats the text but tells no news story any more; then not even that.
    let late = index.place(&told(4, 100, "Fund takes in 420 million", WIRE));
    assert_eq!((late.story, late.same_as), (ArticleId(4), ArticleId(1)));
    let later = index.place(&told(5, 300, "Fund takes in 420 million", WIRE));
    assert_eq!((later.story, later.same_as), (ArticleId(5), ArticleId(5)));
}

#[test]
fn a_summary_repeats_its_article() {
    let mut index = StoryIndex::default();
    let rest = "Analysts at two banks said that flows may slow before the central bank meets, but that large holders have \
                not sold during the rise. Miners' reserves, which had fallen through the autumn, were unchanged.";
    let whole = told(
        1,
        0,
        "Fund takes in 420 million",
        &format!("{WIRE} {rest} {rest}"),
    );
    let summary = told(2, 1, "Record day for the largest bitcoin fund", WIRE);
    for articles in [[&whole, &summary], [&summary, &whole]] {
        let first = index.place(articles[0]);
        assert_eq!(index.place(articles[1]).same_as, first.same_as);
        index = StoryIndex::default();
    }
}

#[test]
fn what_is_known_again_places_as_before_and_what_is_forgotten_does_not_count() {
    let mut index = StoryIndex::default();
    let wire = told(1, 0, "Fund takes in 420 million", WIRE);
    index.know(&wire, ArticleId(1), ArticleId(1));
    let copy = told(2, 2, "Fund takes in 420 million dollars", WIRE);
    assert_eq!(index.place(&copy).same_as, ArticleId(1));
    index.forget_before(copy.at.plus_millis(30 * 24 * HOUR));
    assert!(index.articles.is_empty() && index.terms.is_empty() && index.began.is_empty());
    let again = told(3, 3, "Fund takes in 420 million dollars", WIRE);
    assert_eq!(index.place(&again).same_as, ArticleId(3));
}
